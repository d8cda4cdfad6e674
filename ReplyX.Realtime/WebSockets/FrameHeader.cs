using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ReplyX.Realtime.WebSockets;

/// <summary>
/// The header of a frame (RFC 6455 section 5.2):
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-------+-+-------------+-------------------------------+
/// |F|R|R|R| opcode|M| Payload len |    Extended payload length    |
/// |I|S|S|S|  (4)  |A|     (7)     |             (16/64)           |
/// |N|V|V|V|       |S|             |   (if payload len==126/127)   |
/// | |1|2|3|       |K|             |                               |
/// +-+-+-+-+-------+-+-------------+ - - - - - - - - - - - - - - - +
/// |     Extended payload length continued, if payload len == 127  |
/// + - - - - - - - - - - - - - - - +-------------------------------+
/// |                               |Masking-key, if MASK set to 1  |
/// +-------------------------------+-------------------------------+
/// | Masking-key (continued)       |          Payload Data         |
/// +-------------------------------- - - - - - - - - - - - - - - - +
/// </code>
/// </summary>
internal readonly struct FrameHeader
{
    /// <summary>The longest header of an unmasked frame.</summary>
    public const int MaxUnmaskedLength = 10;

    private const byte FinBit = 0x80;
    private const byte ReservedBits = 0x70;
    private const byte OpcodeBits = 0x0F;
    private const byte MaskBit = 0x80;
    private const byte LengthBits = 0x7F;
    private const byte Length16 = 126;
    private const byte Length64 = 127;
    private const int MaxControlPayload = 125;

    private FrameHeader(bool final, Opcode opcode, long payloadLength, uint mask)
    {
        IsFinal = final;
        Opcode = opcode;
        PayloadLength = payloadLength;
        Mask = mask;
    }

    public bool IsFinal { get; }

    public Opcode Opcode { get; }

    public long PayloadLength { get; }

    /// <summary>The masking key in the byte order of the wire.</summary>
    public uint Mask { get; }

    public bool IsControl => ((byte)Opcode & 0x8) != 0;

    /// <summary>How many bytes the header of an unmasked frame takes, as servers send them.</summary>
    public static int UnmaskedLength(int payloadLength) => payloadLength switch
    {
        < Length16 => 2,
        <= ushort.MaxValue => 4,
        _ => 10,
    };

    /// <summary>Writes the header of a final, unmasked frame.</summary>
    public static void WriteUnmasked(Span<byte> destination, Opcode opcode, int payloadLength)
    {
        destination[0] = (byte)(FinBit | (byte)opcode);
        switch (payloadLength)
        {
            case < Length16:
                destination[1] = (byte)payloadLength;
                break;
            case <= ushort.MaxValue:
                destination[1] = Length16;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)payloadLength);
                break;
            default:
                destination[1] = Length64;
                BinaryPrimitives.WriteUInt64BigEndian(destination[2..], (ulong)payloadLength);
                break;
        }
    }

    /// <summary>Where a frame begins, in frames of a server that stand one behind the other.</summary>
    /// <param name="frames">Whole frames, without masks.</param>
    /// <param name="index">How many come before it.</param>
    public static int OffsetOf(ReadOnlySpan<byte> frames, int index)
    {
        var offset = 0;
        for (; index > 0; index--)
        {
            offset += UnmaskedFrameLength(frames[offset..]);
        }

        return offset;
    }

    /// <summary>What is left of the frame that a position is in, in frames of a server that stand one behind the other.</summary>
    /// <param name="frames">Whole frames, without masks.</param>
    /// <param name="position">The position; between two frames nothing is left.</param>
    public static ReadOnlySpan<byte> RestOfFrame(ReadOnlySpan<byte> frames, int position)
    {
        var end = 0;
        while (end < position)
        {
            end += UnmaskedFrameLength(frames[end..]);
        }

        return frames[position..end];
    }

    private static int UnmaskedFrameLength(ReadOnlySpan<byte> frame) => frame[1] switch
    {
        Length16 => 4 + BinaryPrimitives.ReadUInt16BigEndian(frame[2..]),
        Length64 => 10 + (int)BinaryPrimitives.ReadInt64BigEndian(frame[2..]),
        var length => 2 + length,
    };

    /// <summary>Reads a client's header if all of it is there.</summary>
    /// <param name="bytes">The bytes that begin with it.</param>
    /// <param name="header">The header.</param>
    /// <param name="length">How long it is.</param>
    public static FrameHeaderStatus TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header, out int length)
    {
        header = default;
        length = 0;
        if (bytes.Length < 2)
        {
            return FrameHeaderStatus.Incomplete;
        }

        // Told as soon as the two bytes are there: a peer that speaks nonsense may never send more.
        var opcode = (Opcode)(bytes[0] & OpcodeBits);
        var final = (bytes[0] & FinBit) != 0;
        long payload = bytes[1] & LengthBits;
        var control = opcode is Opcode.Close or Opcode.Ping or Opcode.Pong;
        if ((bytes[0] & ReservedBits) != 0
            || (bytes[1] & MaskBit) == 0
            || opcode is not (Opcode.Continuation or Opcode.Text or Opcode.Binary or Opcode.Close or Opcode.Ping or Opcode.Pong)
            || (control && (!final || payload > MaxControlPayload)))
        {
            return FrameHeaderStatus.Invalid;
        }

        var at = payload switch { Length16 => 4, Length64 => 10, _ => 2 };
        if (bytes.Length < at + sizeof(uint))
        {
            return FrameHeaderStatus.Incomplete;
        }

        if (payload == Length16)
        {
            payload = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        }
        else if (payload == Length64)
        {
            payload = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
            if (payload < 0)
            {
                return FrameHeaderStatus.Invalid;
            }
        }

        header = new FrameHeader(final, opcode, payload, MemoryMarshal.Read<uint>(bytes[at..]));
        length = at + sizeof(uint);
        return FrameHeaderStatus.Complete;
    }
}
