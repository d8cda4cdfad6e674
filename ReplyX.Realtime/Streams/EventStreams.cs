using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Telemetry;

namespace ReplyX.Realtime.Streams;

/// <summary>The streams that this node follows: each one from the first socket that needs it to the last.</summary>
internal sealed class EventStreams : IDisposable
{
    private readonly Backplane _backplane;
    private readonly DialogLog _log;
    private readonly RealtimeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<EventStream> _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<StreamKey, EventStream> _streams = [];

    // A stream's end is waited for before the next one of the same key begins: the subscription of the second must not be
    // overtaken by the end of the first one's.
    private readonly Dictionary<StreamKey, Task> _closing = [];

    public EventStreams(Backplane backplane, DialogLog log, RealtimeMetrics metrics, TimeProvider time, ILogger<EventStream> logger)
    {
        _backplane = backplane;
        _log = log;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        backplane.Restored += OnRestored;
        backplane.Lost += OnLost;
    }

    /// <summary>Holds a stream; it follows its log when this completes.</summary>
    /// <exception cref="Messaging.Redis.MessagingUnavailableException">Redis did not answer. Nothing is held.</exception>
    public async Task<EventStream> AcquireAsync(StreamKey key, CancellationToken cancellationToken)
    {
        EventStream stream;
        lock (_gate)
        {
            if (!_streams.TryGetValue(key, out stream!) || stream.IsBroken)
            {
                stream = new EventStream(key, _log, _metrics, _time, _logger);
                _streams[key] = stream;

                // Not the first socket's token, nor its scopes and span: others wait for this start too, and the subscription would
                // hold them for as long as it is heard.
                var after = _closing.GetValueOrDefault(key, Task.CompletedTask);
                using (ExecutionContext.SuppressFlow())
                {
                    stream.Started = Task.Run(() => StartAsync(stream, after), CancellationToken.None);
                }
            }

            stream.References++;
        }

        try
        {
            await stream.Started.WaitAsync(cancellationToken);
            return stream;
        }
        catch
        {
            await ReleaseAsync(stream);
            throw;
        }
    }

    /// <summary>Lets a stream go.</summary>
    public async Task ReleaseAsync(EventStream stream)
    {
        Task closing;
        lock (_gate)
        {
            // A stream that could not start must not be found by the next socket, whoever still waits for it.
            if (--stream.References > 0 && !stream.Started.IsFaulted)
            {
                return;
            }

            if (_streams.TryGetValue(stream.Key, out var current) && current == stream)
            {
                _streams.Remove(stream.Key);
            }

            if (stream.References > 0)
            {
                return;
            }

            closing = CloseAsync(stream, _closing.GetValueOrDefault(stream.Key, Task.CompletedTask));
            _closing[stream.Key] = closing;
        }

        await closing;
        lock (_gate)
        {
            if (_closing.TryGetValue(stream.Key, out var last) && last == closing)
            {
                _closing.Remove(stream.Key);
            }
        }
    }

    /// <summary>Every stream that is followed now.</summary>
    public EventStream[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _streams.Values];
        }
    }

    /// <summary>Reads every log on from where its stream stands: during an outage publishes were not heard, and nothing may follow them.</summary>
    public void CatchUp()
    {
        foreach (var stream in Snapshot())
        {
            stream.CatchUp();
        }
    }

    public void Dispose()
    {
        _backplane.Restored -= OnRestored;
        _backplane.Lost -= OnLost;
    }

    private async Task StartAsync(EventStream stream, Task after)
    {
        await after;
        await stream.StartAsync(_backplane, CancellationToken.None);
    }

    private static async Task CloseAsync(EventStream stream, Task after)
    {
        await after;
        await stream.DisposeAsync();
    }

    private void OnLost(object? sender, EventArgs e)
    {
        foreach (var stream in Snapshot())
        {
            stream.Distrust();
        }
    }

    private void OnRestored(object? sender, EventArgs e) => CatchUp();
}
