namespace ReplyX.Bench.Load;

/// <summary>How far a socket goes.</summary>
internal enum ConnectMode
{
    /// <summary>Until it gets what is sent to its room.</summary>
    Joined,

    /// <summary>No further than the peer goes for a client that names no room: no credential, no subscription.</summary>
    Bare,

    /// <summary>As <see cref="Joined"/>, and on from where its room stood at first.</summary>
    Returning,
}
