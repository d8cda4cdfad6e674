using System.Globalization;
using ReplyX.Client;
using ReplyX.Smoke.Checks;

namespace ReplyX.Smoke.Wire;

/// <summary>A visitor's socket, which keeps all that comes to it, through the socket that is cut and the one that follows.</summary>
internal sealed class SmokeSocket : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ReceivedEvent> _received = [];
    private readonly List<ConnectedEvent> _greetings = [];
    private readonly List<string> _losses = [];
    private readonly ReplyXConnection _connection;
    private readonly Line _line;
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _gap;

    /// <summary>Makes a socket; it does nothing before <see cref="ConnectAsync"/>.</summary>
    /// <param name="name">What failures call it.</param>
    /// <param name="line">The way there, its own.</param>
    /// <param name="options">What it connects to.</param>
    public SmokeSocket(string name, Line line, ReplyXConnectionOptions options)
    {
        Name = name;
        _line = line;
        _connection = new ReplyXConnection(options);
    }

    public string Name { get; }

    public ReplyXConnection Connection => _connection;

    /// <summary>What came, once it is closed.</summary>
    public IReadOnlyList<ReceivedEvent> Received => _received;

    /// <summary>The node that holds it.</summary>
    public string Node => Read(() => _greetings.Count == 0 ? "?" : _greetings[^1].Node ?? "?");

    /// <summary>Whether its last greeting says that the server resumed.</summary>
    public bool IsRecovered => Read(() => _greetings.Count > 0 && _greetings[^1].Recovered);

    /// <summary>Opens it.</summary>
    public async Task ConnectAsync(Deadline deadline)
    {
        _reading = ReadAsync();
        try
        {
            await deadline.WaitAsync(_connection.ConnectAsync(deadline.Token), () => $"{Name} to greet{LastLoss()}");
        }
        catch (ReplyXConnectionException e)
        {
            var code = e.End.CloseCode ?? e.End.HttpStatus;
            throw new CheckFailedException(e.End.Reason == ConnectionEndReason.DialogNotFound
                ? $"{Name} does not know the dialog that the Api started: another Redis, or another signing key"
                : string.Create(CultureInfo.InvariantCulture, $"{Name} refuses the socket: {e.End.Reason}{(code is null ? "" : $", {code}")}"));
        }

        await UntilGreetedAsync(1, deadline);
    }

    /// <summary>Cuts it, and keeps it from coming back before <see cref="Mend"/>.</summary>
    public void Cut() => _line.Cut();

    public void Mend() => _line.Mend();

    /// <summary>Waits until it was greeted that many times.</summary>
    public Task UntilGreetedAsync(int times, Deadline deadline)
        => UntilAsync(() => _greetings.Count >= times, () => $"{Name} to greet{LastLoss()}", deadline);

    /// <summary>Waits until the event of this number, or a later one, came.</summary>
    public Task UntilHeardAsync(long seq, Deadline deadline) => UntilAsync(
        () => _received.Count > 0 && _received[^1].Position.Seq >= seq,
        () => string.Create(CultureInfo.InvariantCulture, $"message {seq} at the socket on {Name} (node {Node}), which heard {Heard()}{LastLoss()}"),
        deadline);

    /// <summary>Says what is wrong if it was lost more often than it was cut, or the library gave something up.</summary>
    public void RequireLosses(int cuts)
    {
        var (losses, gap) = Read(() => (_losses.ToList(), _gap));
        if (losses.Count > cuts)
        {
            throw new CheckFailedException($"the socket on {Name} was lost: {losses[^1]}");
        }

        if (gap is not null)
        {
            throw new CheckFailedException($"the socket on {Name} could not get {gap}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _line.Mend();
        await _connection.DisposeAsync();
        await _reading;
        _line.Dispose();
    }

    private string Heard() => Read(() => _received.Count == 0 ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"up to {_received[^1].Position.Seq}"));

    private string LastLoss() => Read(() => _losses.Count == 0 ? "" : $"; it was lost: {_losses[^1]}");

    private async Task UntilAsync(Func<bool> isSo, Func<string> what, Deadline deadline)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (isSo())
                {
                    return;
                }

                changed = _changed.Task;
            }

            if (_connection.End is { } end)
            {
                throw new CheckFailedException($"the socket on {Name} ended: {end.Reason} {end.CloseCode ?? end.HttpStatus}");
            }

            await deadline.WaitAsync(changed, what);
        }
    }

    private async Task ReadAsync()
    {
        await foreach (var next in _connection.ReadEventsAsync())
        {
            Change(() =>
            {
                switch (next)
                {
                    case ConnectedEvent greeting:
                        _greetings.Add(greeting);
                        break;
                    case DisconnectedEvent lost:
                        var code = lost.CloseCode ?? lost.HttpStatus;
                        _losses.Add(string.Create(CultureInfo.InvariantCulture, $"{(code is null ? "" : $"{code}, ")}{lost.Reason}"));
                        break;
                    case GapEvent gap:
                        _gap = string.Create(CultureInfo.InvariantCulture, $"events {gap.After + 1} to {gap.Before - 1}: {gap.Reason}");
                        break;
                    case { Cursor: not null }:
                        _received.Add(ReceivedEvent.Of(next));
                        break;
                }
            });
        }

        Change(static () => { });
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
