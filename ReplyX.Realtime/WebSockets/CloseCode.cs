namespace ReplyX.Realtime.WebSockets;

/// <summary>
/// Why a socket is closed: codes of RFC 6455 section 7.4.1, and ours from the private range 4000 to 4999. docs/websocket/close-codes.md
/// says which of them a client comes back from.
/// </summary>
internal enum CloseCode : ushort
{
    Normal = 1000,

    /// <summary>The peer was silent for longer than the heartbeat allows.</summary>
    GoingAway = 1001,

    ProtocolError = 1002,

    /// <summary>A binary message: the protocol is JSON text.</summary>
    UnsupportedData = 1003,

    /// <summary>A text message that is not UTF-8.</summary>
    InvalidPayload = 1007,

    MessageTooBig = 1009,

    /// <summary>The node drains, or cannot go on serving this stream; another connection can.</summary>
    ServiceRestart = 1012,

    /// <summary>A limit on sockets is reached.</summary>
    TryAgainLater = 1013,

    TokenExpired = 4001,
    AuthenticationFailed = 4002,
    OriginNotAllowed = 4003,
    NoSuchDialog = 4004,
    RateLimited = 4008,

    /// <summary>The peer read too slowly; what it missed is in the log.</summary>
    SlowConsumer = 4010,
}
