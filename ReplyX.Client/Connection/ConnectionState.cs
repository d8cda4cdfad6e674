namespace ReplyX.Client;

/// <summary>What a connection is doing.</summary>
public enum ConnectionState
{
    /// <summary>It was not started yet.</summary>
    Idle,

    /// <summary>It opens its first socket.</summary>
    Connecting,

    /// <summary>Its socket is up and the server has greeted it.</summary>
    Connected,

    /// <summary>It lost its socket and opens another.</summary>
    Reconnecting,

    /// <summary>It ended for good; <see cref="ReplyXConnection.End"/> says why.</summary>
    Ended,
}
