namespace ReplyX.Realtime.WebSockets;

/// <summary>What came in: a whole message, a control frame, or how the connection ended.</summary>
/// <param name="Kind">Which of these.</param>
/// <param name="Payload">The payload, without mask; valid until the next read.</param>
/// <param name="Violation">The code to close with, if the peer broke the protocol.</param>
internal readonly record struct InboundMessage(InboundKind Kind, ReadOnlyMemory<byte> Payload = default, CloseCode Violation = default)
{
    public static InboundMessage Broken(CloseCode violation) => new(InboundKind.Violation, default, violation);
}
