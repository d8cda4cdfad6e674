namespace ReplyX.Realtime.Listening;

internal enum UpgradeHeadStatus
{
    /// <summary>It may become one: more is to come.</summary>
    Incomplete,

    /// <summary>A request for a socket, whole and plain.</summary>
    Complete,

    /// <summary>Something else, or written in a way that only the server can judge.</summary>
    Other,
}
