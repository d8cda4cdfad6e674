using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ReplyX.Client;

/// <summary>
/// A lasting connection to one dialog, or to an account's list of dialogs. It opens a socket, opens another whenever that one is lost,
/// resumes where it left off, and yields every event once and in order; what cannot be had is told in its place. Messages sent through it
/// are repeated under the same key until the server answers for them.
/// </summary>
/// <remarks>Safe to use from several threads, but the events can be read from one place only.</remarks>
public sealed partial class ReplyXConnection : IAsyncDisposable
{
    private readonly ReplyXConnectionOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly EventBuffer _events;
    private readonly EventSequencer _sequencer;
    private readonly HistoryReload _reload;
    private readonly MessageOutbox _outbox;
    private readonly HistorySearch? _search;
    private readonly ReconnectBackoff _backoff;
    private readonly SocketOpener _opener;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _firstGreeting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ConnectionEnd> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _starting = new();
    private Task? _run;
    private bool _closed;
    private volatile LiveSocket? _socket;
    private volatile ReplyXEvent? _lastTaken;
    private int _reading;
    private long _readUpTo;

    /// <summary>Makes a connection; it does nothing before <see cref="ConnectAsync"/>.</summary>
    /// <param name="options">What it connects to and how.</param>
    /// <param name="logger">Told of sockets opened and lost, never of tokens, texts or query strings.</param>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public ReplyXConnection(ReplyXConnectionOptions options, ILogger<ReplyXConnection>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _time = options.TimeProvider;
        _events = new EventBuffer(options.EventCapacity, OnReaderCaughtUp);
        _sequencer = new EventSequencer(options.Cursor);
        _reload = new HistoryReload(_sequencer, options.History, options.HistoryPageSize, WriteHistoryEvent);
        _outbox = new MessageOutbox(options.OutboxCapacity, options.SendsInFlight, options.KeyLifetime, _time);
        _search = options.History is { } history ? new HistorySearch(history, options.HistoryPageSize) : null;
        _backoff = new ReconnectBackoff(options.MinReconnectDelay, options.MaxReconnectDelay, options.Random ?? Random.Shared);
        _opener = new SocketOpener(options);
    }

    /// <summary>What the connection is doing.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>The node that holds the present or last socket.</summary>
    public string? Node { get; private set; }

    /// <summary>The last stored event that the reader has taken. Kept somewhere, it lets another connection go on from there.</summary>
    public EventCursor? Cursor => _lastTaken?.Cursor ?? _options.Cursor;

    /// <summary>How the connection ended; null while it has not.</summary>
    public ConnectionEnd? End => _completion.Task.IsCompletedSuccessfully ? _completion.Task.Result : null;

    /// <summary>Ends when the connection has ended for good.</summary>
    public Task<ConnectionEnd> Completion => _completion.Task;

    /// <summary>Messages that wait for their answer.</summary>
    public int Unanswered => _outbox.Count;

    /// <summary>Starts the connection and waits until it is up. Once started it goes on by itself, also when this wait is cancelled.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Ends with the first greeting.</returns>
    /// <exception cref="ReplyXConnectionException">The server refused for good.</exception>
    /// <exception cref="ObjectDisposedException">It was closed before.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        lock (_starting)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_run is null)
            {
                State = ConnectionState.Connecting;
                _run = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        await Task.WhenAny(_firstGreeting.Task, _completion.Task).WaitAsync(cancellationToken);
        if (!_firstGreeting.Task.IsCompleted)
        {
            throw new ReplyXConnectionException(await _completion.Task);
        }
    }

    /// <summary>
    /// Yields what happens: the events of the dialog or the account, each once and in order, and news of the connection. It ends when the
    /// connection has ended; <see cref="End"/> then says why.
    /// </summary>
    /// <param name="cancellationToken">Stops reading; the connection goes on and a later call reads on.</param>
    /// <returns>The events.</returns>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public async IAsyncEnumerable<ReplyXEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            throw new InvalidOperationException("The events of a connection can be read from one place only.");
        }

        try
        {
            while (await _events.WaitToReadAsync(cancellationToken))
            {
                while (_events.TryRead(out var next))
                {
                    _lastTaken = next.Cursor is null ? _lastTaken : next;
                    yield return next;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    /// <summary>
    /// Sends a message and waits for the answer, across lost sockets if need be: it is repeated under the same key until the server has
    /// stored or refused it, so that it is stored once at most.
    /// </summary>
    /// <param name="text">The text, 1 to 8,000 characters.</param>
    /// <param name="clientId">The key, 1 to 64 printable ASCII characters without a space; null for a new one.</param>
    /// <param name="cancellationToken">Gives the message up; one that went out already may be stored all the same.</param>
    /// <returns>Where it stands in the log, or why it does not.</returns>
    /// <exception cref="ArgumentException">The key is not valid.</exception>
    public async Task<SendResult> SendAsync(string text, string? clientId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        clientId ??= Guid.CreateVersion7().ToString("N");
        if (!WireCharacters.IsClientId(clientId))
        {
            throw new ArgumentException("A key is 1 to 64 printable ASCII characters without a space.", nameof(clientId));
        }

        if (!WireCharacters.IsWellFormed(text))
        {
            var error = new SendError(SendErrorCodes.MalformedText, "Half of a surrogate pair stands alone.");
            return new SendResult { ClientId = clientId, Error = error };
        }

        var entry = _outbox.Add(text, clientId);
        try
        {
            return await entry.Result.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _outbox.Withdraw(entry);
            throw;
        }
    }

    /// <summary>Tells the others that this side began or stopped typing. Not kept: without a socket it is dropped.</summary>
    /// <param name="isTyping">Whether it is typing now.</param>
    /// <returns>Whether it went out.</returns>
    public Task<bool> SendTypingAsync(bool isTyping)
        => SendNowAsync(isTyping ? ClientFrames.TypingStart : ClientFrames.TypingStop);

    /// <summary>Tells the server how far this side has read. The highest mark is kept and repeated on a new socket.</summary>
    /// <param name="seq">The number of the last event read.</param>
    /// <returns>Whether it went out already.</returns>
    public Task<bool> MarkReadAsync(long seq)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seq, 1);
        long known;
        while (seq > (known = Interlocked.Read(ref _readUpTo)))
        {
            if (Interlocked.CompareExchange(ref _readUpTo, seq, known) == known)
            {
                return SendNowAsync(ClientFrames.Read(seq));
            }
        }

        return Task.FromResult(false);
    }

    /// <summary>Closes the connection. Messages without an answer fail; events that are in the buffer can still be read.</summary>
    /// <returns>Ends when the socket is gone, after <see cref="ReplyXConnectionOptions.CloseTimeout"/> at the latest.</returns>
    public async Task CloseAsync()
    {
        Task? run;
        lock (_starting)
        {
            run = _run;
            _closed = true;
        }

        await _closing.CancelAsync();
        if (run is null)
        {
            Finish(new ConnectionEnd(ConnectionEndReason.ClosedByClient));
            return;
        }

        using var limit = new CancellationTokenSource(_options.CloseTimeout, _time);
        using var cut = limit.Token.UnsafeRegister(static abort => ((CancellationTokenSource)abort!).Cancel(), _abort);
        if (_socket is { } socket)
        {
            await socket.CloseAsync(limit.Token);
        }

        await run;
    }

    /// <summary>Closes the connection, as <see cref="CloseAsync"/> does.</summary>
    /// <returns>Ends when the socket is gone.</returns>
    public ValueTask DisposeAsync() => new(CloseAsync());

    private async Task<bool> SendNowAsync(byte[] frame)
        => _socket is { GreetedAt: not null } socket && await socket.SendAsync(frame);
}
