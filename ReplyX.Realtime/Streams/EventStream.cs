using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Streams;

/// <summary>
/// One dialog or feed as this node follows it while a socket listens: events leave strictly by their numbers, a hole is filled
/// from the log before anything after it leaves, and what was already handed out does not leave again.
/// </summary>
internal sealed partial class EventStream : IAsyncDisposable
{
    private const int PageSize = 256;
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMilliseconds(250);

    // After an outage every stream reads at once; so many pages of at most 256 KiB are in memory together.
    private static readonly SemaphoreSlim _reading = new(64);

    private readonly DialogLog _log;
    private readonly RealtimeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _gate = new();
    private readonly List<IStreamListener> _listeners = [];
    private IAsyncDisposable? _subscription;
    private Cursor _head;
    private long _heard;
    private bool _started;
    private bool _catchingUp;
    private bool _isDeaf;
    private bool _again;
    private long _lookedAt;

    public EventStream(StreamKey key, DialogLog log, RealtimeMetrics metrics, TimeProvider time, ILogger<EventStream> logger)
    {
        Key = key;
        _log = log;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    public StreamKey Key { get; }

    /// <summary>Whether it cannot go on; the next socket gets another stream in its place.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>How many sockets hold it; guarded by the table of streams.</summary>
    public int References { get; set; }

    /// <summary>Completes when the stream follows its log; set by the table of streams.</summary>
    public Task Started { get; set; } = Task.CompletedTask;

    /// <summary>
    /// Subscribes, and only then reads where the log stands: what is appended between the two is heard, and what was appended
    /// before the first is in the log.
    /// </summary>
    public async Task StartAsync(Backplane backplane, CancellationToken cancellationToken)
    {
        _subscription = await backplane.SubscribeAsync(Key, OnPublished, cancellationToken);
        var head = await _log.GetHeadAsync(Key, cancellationToken);
        lock (_gate)
        {
            _head = head;
            _started = true;
            _lookedAt = _time.GetTimestamp();
        }

        if (_heard > head.Seq)
        {
            CatchUp();
        }
    }

    /// <summary>Adds a listener, which hears all that follows the returned position, and nothing else.</summary>
    public Cursor Join(IStreamListener listener)
    {
        lock (_gate)
        {
            _listeners.Add(listener);
            return _head;
        }
    }

    /// <summary>
    /// Where the stream stands, if it did not move for a while; for the comparison with the log that finds a lost publish which
    /// nothing follows.
    /// </summary>
    public bool IsQuiet(TimeSpan atLeast, out Cursor head)
    {
        lock (_gate)
        {
            head = _head;
            if (!_started || _catchingUp || _time.GetElapsedTime(_lookedAt) < atLeast)
            {
                return false;
            }

            _lookedAt = _time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Takes the log's word on where it stands; if the stream was quiet since and stands elsewhere, it reads on.</summary>
    public void Compare(Cursor quietAt, Cursor top)
    {
        lock (_gate)
        {
            if (_head != quietAt || top == quietAt)
            {
                return;
            }
        }

        _metrics.Gap("quiet");
        CatchUp();
    }

    /// <summary>
    /// Takes note that publishes are not heard. What is heard before the log was read on is handed out from there: were Redis back
    /// with an older log, the next number alone would not tell.
    /// </summary>
    public void Distrust()
    {
        lock (_gate)
        {
            _isDeaf = true;
        }
    }

    public void Leave(IStreamListener listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
        }
    }

    /// <summary>Reads the log on from the last event handed out: the backplane may have missed something.</summary>
    public void CatchUp()
    {
        lock (_gate)
        {
            _again = true;
            if (_catchingUp || _stopped.IsCancellationRequested)
            {
                return;
            }

            _catchingUp = true;
        }

        _ = Task.Run(CatchUpAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        if (_subscription is not null)
        {
            await _subscription.DisposeAsync();
        }
    }

    // On the backplane's thread: hands out or takes note, and waits for nothing.
    private void OnPublished(LogEntry entry)
    {
        lock (_gate)
        {
            if (!entry.IsStored)
            {
                HandOut(entry);
                return;
            }

            _heard = Math.Max(_heard, entry.Seq);
            if (!_started || _catchingUp || _isDeaf)
            {
                // It is in the log already, where the reading that is under way finds it.
                _again = true;
                return;
            }

            if (entry.Seq == _head.Seq + 1)
            {
                Advance(entry);
                return;
            }

            if (entry.Cursor == _head)
            {
                return;
            }
        }

        // A later number is a hole. An earlier or equal one with another nonce is a log that was rolled back: the reading tells.
        _metrics.Gap("missed");
        CatchUp();
    }

    private async Task CatchUpAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            Cursor from;
            lock (_gate)
            {
                from = _head;
                _again = false;
                _isDeaf = false;
            }

            LogPage page;
            try
            {
                page = await ReadAsync(from);
            }
            catch (MessagingUnavailableException)
            {
                await Task.Delay(_retryDelay * (1 + Random.Shared.NextDouble()), _time, CancellationToken.None);
                continue;
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Nobody awaits this: a stream that stands still unseen would be the silent hole that must not be.
                Log.CatchUpFailed(_logger, exception, Key);
                Interrupt();
                return;
            }

            lock (_gate)
            {
                if (!page.Held)
                {
                    Log.LogReplaced(_logger, Key, from, page.Head);
                    _head = page.Head;
                    _heard = page.Head.Seq;
                    InterruptAll();
                }

                foreach (var entry in page.Entries)
                {
                    Advance(entry);
                }

                if (!page.HasMore && !_again)
                {
                    _catchingUp = false;
                    return;
                }
            }
        }
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            IsBroken = true;
            _catchingUp = false;
            InterruptAll();
        }
    }

    private async Task<LogPage> ReadAsync(Cursor from)
    {
        await _reading.WaitAsync(_stopped.Token);
        try
        {
            return await _log.ReadAfterAsync(Key, from, PageSize, _stopped.Token);
        }
        finally
        {
            _reading.Release();
        }
    }

    private void InterruptAll()
    {
        _metrics.Gap("replaced");
        foreach (var listener in _listeners)
        {
            listener.Interrupt();
        }
    }

    // Only a stored event says where the log stands. Were typing taken for life, a lost publish would stay unseen as long as
    // somebody types.
    private void Advance(in LogEntry entry)
    {
        _head = entry.Cursor;
        _lookedAt = _time.GetTimestamp();
        HandOut(entry);
    }

    private void HandOut(in LogEntry entry)
    {
        using var span = RealtimeTracing.StartHandOut(entry);
        span?.SetTag("replyx.seq", entry.Seq);
        span?.SetTag("replyx.sockets", _listeners.Count);

        var frame = OutboundFrame.Event(entry);
        var origin = entry.Origin;
        foreach (var listener in _listeners)
        {
            if (origin == 0 || listener.Id != origin)
            {
                listener.Hear(frame);
            }
        }

        _metrics.FannedOut(_listeners.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The log of {Stream} no longer holds {Expected} and now ends at {Head}; its sockets reload")]
        public static partial void LogReplaced(ILogger logger, StreamKey stream, Cursor expected, Cursor head);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Reading the log of {Stream} failed; its sockets reconnect")]
        public static partial void CatchUpFailed(ILogger logger, Exception exception, StreamKey stream);
    }
}
