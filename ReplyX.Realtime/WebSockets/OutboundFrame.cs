using System.Buffers.Binary;
using System.Text;

namespace ReplyX.Realtime.WebSockets;

/// <summary>A frame ready for the wire. Servers do not mask, so one array serves every socket.</summary>
internal sealed class OutboundFrame
{
    private const int MaxCloseReason = 123;

    private OutboundFrame(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var header = FrameHeader.UnmaskedLength(payload.Length);
        var bytes = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        FrameHeader.WriteUnmasked(bytes, opcode, payload.Length);
        payload.CopyTo(bytes.AsSpan(header));
        Bytes = bytes;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static OutboundFrame Text(ReadOnlySpan<byte> utf8) => new(Opcode.Text, utf8);

    public static OutboundFrame Ping(ReadOnlySpan<byte> payload) => new(Opcode.Ping, payload);

    public static OutboundFrame Pong(ReadOnlySpan<byte> payload) => new(Opcode.Pong, payload);

    /// <summary>A goodbye that carries a code and why.</summary>
    public static OutboundFrame Close(CloseCode code, string reason)
    {
        Span<byte> payload = stackalloc byte[sizeof(ushort) + MaxCloseReason];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.TryGetBytes(reason, payload[sizeof(ushort)..], out var length);
        return new(Opcode.Close, payload[..(sizeof(ushort) + length)]);
    }

    /// <summary>The answer to a peer's goodbye, which carries the peer's own code, or none (RFC 6455 section 5.5.1).</summary>
    public static OutboundFrame CloseAnswer(ReadOnlySpan<byte> code) => new(Opcode.Close, code);
}
