namespace ReplyX.Recorder.Sockets;

/// <summary>What can happen to a socket.</summary>
internal enum EntryKind
{
    /// <summary>It was greeted.</summary>
    Connected,

    /// <summary>A stored event came.</summary>
    Event,

    /// <summary>A stored event was read over HTTP, because the server said that it could not resume.</summary>
    Reloaded,

    /// <summary>The client library gave events up.</summary>
    Gap,

    /// <summary>It was lost, or an attempt to open it failed.</summary>
    Lost,
}
