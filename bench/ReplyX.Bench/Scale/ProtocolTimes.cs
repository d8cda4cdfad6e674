namespace ReplyX.Bench.Scale;

/// <summary>Times, in seconds, that documents and code fix: docs/websocket/delivery.md and limits.md.</summary>
internal static class ProtocolTimes
{
    public const double ShortestWait = 0.25;
    public const double LongestWait = 15;
    public const double WaitGrowth = 3;

    /// <summary>How long a client waits for a greeting: ReplyXConnectionOptions.ConnectTimeout.</summary>
    public const double ConnectPatience = 15;

    /// <summary>Realtime:HeartbeatInterval, and how long a client hears nothing before it drops its connection.</summary>
    public const double Heartbeat = 25;

    public const double Silence = 40;

    /// <summary>Realtime:PositionCheckInterval.</summary>
    public const double PositionCheck = 60;

    /// <summary>Realtime:DrainWindow, in so many batches, each told to come back within the hint: Drainer.</summary>
    public const double DrainWindow = 20;

    public const int DrainBatches = 20;
    public const double DrainHint = 2;

    /// <summary>Realtime:CloseTimeout.</summary>
    public const double Close = 5;

    /// <summary>The longest pause of a node's feed before it connects to Redis again: FeedConnection.</summary>
    public const double FeedPause = 1.5;
}
