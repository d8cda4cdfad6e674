namespace ReplyX.Realtime.WebSockets;

internal enum InboundKind
{
    Text,
    Ping,
    Pong,

    /// <summary>The peer said goodbye.</summary>
    Close,

    /// <summary>The connection ended without a goodbye.</summary>
    End,

    /// <summary>The peer broke the protocol or a limit.</summary>
    Violation,
}
