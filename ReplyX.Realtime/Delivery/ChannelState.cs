namespace ReplyX.Realtime.Delivery;

internal enum ChannelState
{
    /// <summary>It subscribes, then asks where the log stands.</summary>
    Starting,

    /// <summary>What is published is handed out as it comes.</summary>
    Live,

    /// <summary>The log is read, or will be once Redis is back; what is published waits there.</summary>
    CatchingUp,

    /// <summary>Nobody is on it.</summary>
    Closed,
}
