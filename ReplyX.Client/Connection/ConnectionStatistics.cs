namespace ReplyX.Client;

/// <summary>What happened on a connection since it was started. Counts only grow.</summary>
public readonly record struct ConnectionStatistics
{
    /// <summary>Sockets that were opened and greeted.</summary>
    public long Connects { get; init; }

    /// <summary>Of these, the ones where the server resumed from the cursor.</summary>
    public long Recovered { get; init; }

    /// <summary>Frames received, heartbeats included.</summary>
    public long Frames { get; init; }

    /// <summary>Stored events that came a second time and were dropped.</summary>
    public long Duplicates { get; init; }

    /// <summary>Times that an event came before its predecessor, and the connection resumed to get the missing ones.</summary>
    public long Holes { get; init; }

    /// <summary>Times that an event came under a number that another one had: the log behind the socket was replaced.</summary>
    public long Conflicts { get; init; }

    /// <summary><see cref="GapEvent"/>s that were put into the stream.</summary>
    public long Gaps { get; init; }

    /// <summary>Times that the reader of the events fell behind, and the connection resumed once it had caught up.</summary>
    public long Overruns { get; init; }

    /// <summary>Frames that could not be read.</summary>
    public long Malformed { get; init; }
}
