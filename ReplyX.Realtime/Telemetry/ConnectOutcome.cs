namespace ReplyX.Realtime.Telemetry;

/// <summary>What came of a try to open a socket: every value of the label <c>outcome</c>, which is the name in lower case.</summary>
internal enum ConnectOutcome
{
    Accepted,

    /// <summary>The client's doing: a bad credential, or its own share of a limit.</summary>
    Rejected,

    /// <summary>Ours: the node drains or is full, or Redis is away.</summary>
    Unavailable,

    /// <summary>The client left before it was decided.</summary>
    Aborted,
}
