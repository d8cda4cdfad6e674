using ReplyX.Realtime.Protocol;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// Knows whether Redis answers, and tells every socket when it no longer does; they stay open. When it is heard again every dialog
/// reads on from its last event by itself.
/// </summary>
internal sealed partial class BackplaneWatch : IDisposable
{
    private readonly DeliveryLoops _loops;
    private readonly ILogger<BackplaneWatch> _logger;
    private int _down;

    public BackplaneWatch(DeliveryLoops loops, ILogger<BackplaneWatch> logger)
    {
        _loops = loops;
        _logger = logger;
        loops.FeedLost += OnFeedLost;
    }

    /// <summary>Takes note of an answer, or of none. The lease asks every second.</summary>
    public void Report(bool answered)
    {
        if (answered && _loops.AreConnected)
        {
            if (Interlocked.Exchange(ref _down, 0) == 1)
            {
                Log.Back(_logger);
            }
        }
        else if (Interlocked.Exchange(ref _down, 1) == 0)
        {
            Log.Lost(_logger);
            var notice = ServerFrames.Error(ClientError.BackplaneLost);
            foreach (var loop in _loops.All)
            {
                loop.Post(() => loop.SendToAll(notice));
            }
        }
    }

    public void Dispose() => _loops.FeedLost -= OnFeedLost;

    private void OnFeedLost(object? sender, EventArgs e) => Report(answered: false);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Redis does not answer; sockets stay open, and checks of credentials pause")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Redis answers again; every dialog reads on from its last event")]
        public static partial void Back(ILogger logger);
    }
}
