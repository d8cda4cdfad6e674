namespace ReplyX.Realtime.WebSockets;

/// <summary>What stands at the beginning of a connection's bytes.</summary>
internal enum InboundKind
{
    /// <summary>A frame of which more is to come.</summary>
    Incomplete,

    /// <summary>A part of a message; another follows.</summary>
    Fragment,

    /// <summary>A whole message.</summary>
    Text,

    Ping,
    Pong,

    /// <summary>The peer's goodbye.</summary>
    Close,

    ProtocolError,

    /// <summary>A message that is not text.</summary>
    UnsupportedData,

    /// <summary>A text that is not UTF-8.</summary>
    InvalidPayload,

    TooBig,
}
