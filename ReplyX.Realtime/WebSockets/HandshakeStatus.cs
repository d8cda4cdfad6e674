namespace ReplyX.Realtime.WebSockets;

internal enum HandshakeStatus
{
    Acceptable,

    /// <summary>A plain HTTP request on a path for sockets.</summary>
    NotAnUpgrade,

    /// <summary>Another version of the WebSocket protocol than 13.</summary>
    UnsupportedVersion,

    /// <summary>No key, or one that is not 16 bytes of base64.</summary>
    BadKey,
}
