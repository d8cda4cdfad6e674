using System.Buffers.Binary;

namespace ReplyX.Bench.Load;

/// <summary>Frames as a client writes and reads them (RFC 6455, 5.2). The masking key is zero, so that masking costs nothing.</summary>
internal static class WebSocketFrame
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    public const int MaxHeaderLength = 14;

    private const int Final = 0x80;
    private const int Masked = 0x80;
    private const int KeyLength = 4;
    private const int Length16 = 126;
    private const int Length64 = 127;

    /// <summary>Frames a message.</summary>
    /// <returns>The length of the frame.</returns>
    public static int Write(Span<byte> target, int opcode, ReadOnlySpan<byte> payload)
    {
        target[0] = (byte)(Final | opcode);
        var header = 2;
        if (payload.Length < Length16)
        {
            target[1] = (byte)(Masked | payload.Length);
        }
        else
        {
            target[1] = Masked | Length16;
            BinaryPrimitives.WriteUInt16BigEndian(target[2..], checked((ushort)payload.Length));
            header = 4;
        }

        target.Slice(header, KeyLength).Clear();
        payload.CopyTo(target[(header + KeyLength)..]);
        return header + KeyLength + payload.Length;
    }

    /// <summary>Reads a frame of a server.</summary>
    /// <returns>Its length with its header, or 0 while it is not there whole.</returns>
    public static int TryRead(ReadOnlySpan<byte> data, out int opcode, out bool isFinal, out ReadOnlySpan<byte> payload)
    {
        opcode = 0;
        isFinal = false;
        payload = default;
        if (data.Length < 2)
        {
            return 0;
        }

        opcode = data[0] & 0x0F;
        isFinal = (data[0] & Final) != 0;
        long length = data[1];
        var header = 2;
        if (length == Length16)
        {
            header = 4;
            if (data.Length < header)
            {
                return 0;
            }

            length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        }
        else if (length == Length64)
        {
            header = 10;
            if (data.Length < header)
            {
                return 0;
            }

            length = BinaryPrimitives.ReadInt64BigEndian(data[2..]);
        }

        if (data.Length < header + length)
        {
            return 0;
        }

        payload = data.Slice(header, (int)length);
        return header + (int)length;
    }
}
