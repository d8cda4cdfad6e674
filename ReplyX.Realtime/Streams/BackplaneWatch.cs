using ReplyX.Messaging.PubSub;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Protocol;

namespace ReplyX.Realtime.Streams;

/// <summary>
/// Knows whether Redis answers. While it does not, sockets stay open and are told; when it does again every live stream reads on
/// from its last event.
/// </summary>
internal sealed partial class BackplaneWatch : IDisposable
{
    private readonly Backplane _backplane;
    private readonly ConnectionTable _connections;
    private readonly EventStreams _streams;
    private readonly ILogger<BackplaneWatch> _logger;
    private int _down;

    public BackplaneWatch(Backplane backplane, ConnectionTable connections, EventStreams streams, ILogger<BackplaneWatch> logger)
    {
        _backplane = backplane;
        _connections = connections;
        _streams = streams;
        _logger = logger;
        backplane.Lost += OnLost;
    }

    /// <summary>Whether Redis did not answer when it was last asked.</summary>
    public bool IsDown => Volatile.Read(ref _down) == 1;

    /// <summary>Takes note of an answer, or of none. The lease asks every second.</summary>
    public void Report(bool answered)
    {
        if (answered && _backplane.IsConnected)
        {
            if (Interlocked.Exchange(ref _down, 0) == 1)
            {
                Log.Back(_logger);
                _streams.CatchUp();
            }
        }
        else if (Interlocked.Exchange(ref _down, 1) == 0)
        {
            Log.Lost(_logger);
            var notice = ServerFrames.Error(ClientError.BackplaneLost);
            foreach (var connection in _connections.All)
            {
                connection.Send(notice);
            }
        }
    }

    public void Dispose() => _backplane.Lost -= OnLost;

    private void OnLost(object? sender, EventArgs e) => Report(answered: false);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Redis does not answer; sockets stay open, and checks of credentials pause")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Redis answers again; every live stream reads on from its last event")]
        public static partial void Back(ILogger logger);
    }
}
