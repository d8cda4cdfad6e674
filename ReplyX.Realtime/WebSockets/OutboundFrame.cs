using System.Buffers.Binary;
using System.Text;
using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.WebSockets;

/// <summary>
/// A frame ready for the wire. Servers do not mask, so one array serves every socket of a dialog: an event is framed once a node.
/// </summary>
internal sealed class OutboundFrame
{
    private const int MaxCloseReason = 123;

    private OutboundFrame(Opcode opcode, ReadOnlySpan<byte> payload, long seq, long appendedAt)
    {
        var header = FrameHeader.UnmaskedLength(payload.Length);
        var bytes = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        FrameHeader.WriteUnmasked(bytes, opcode, payload.Length);
        payload.CopyTo(bytes.AsSpan(header));
        Bytes = bytes;
        Opcode = opcode;
        Seq = seq;
        AppendedAtUnixMilliseconds = appendedAt;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public Opcode Opcode { get; }

    /// <summary>The event's number in its stream; 0 for what is not stored.</summary>
    public long Seq { get; }

    /// <summary>When the event was appended; 0 for what is no event.</summary>
    public long AppendedAtUnixMilliseconds { get; }

    public static OutboundFrame Event(LogEntry entry) =>
        new(Opcode.Text, entry.Payload.Span, entry.Seq, entry.AppendedAtUnixMilliseconds);

    public static OutboundFrame Text(ReadOnlySpan<byte> utf8) => new(Opcode.Text, utf8, 0, 0);

    public static OutboundFrame Pong(ReadOnlySpan<byte> payload) => new(Opcode.Pong, payload, 0, 0);

    public static OutboundFrame Close(CloseCode code, string reason)
    {
        Span<byte> payload = stackalloc byte[sizeof(ushort) + MaxCloseReason];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.TryGetBytes(reason, payload[sizeof(ushort)..], out var length);
        return new(Opcode.Close, payload[..(sizeof(ushort) + length)], 0, 0);
    }
}
