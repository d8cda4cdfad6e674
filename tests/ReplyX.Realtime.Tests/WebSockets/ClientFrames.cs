using System.Buffers.Binary;

namespace ReplyX.Realtime.Tests.WebSockets;

/// <summary>Frames as a client sends them, well made or not.</summary>
internal static class ClientFrames
{
    public const int Text = 0x1;
    public const int Binary = 0x2;
    public const int Close = 0x8;
    public const int Ping = 0x9;

    public static byte[] Frame(int opcode, ReadOnlySpan<byte> payload, bool final = true, bool masked = true, int reserved = 0)
    {
        const uint mask = 0x11223344;
        List<byte> frame = [(byte)((final ? 0x80 : 0) | reserved | opcode)];
        var maskBit = masked ? 0x80 : 0;
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(length, (ulong)payload.Length);
        switch (payload.Length)
        {
            case < 126:
                frame.Add((byte)(maskBit | payload.Length));
                break;
            case <= ushort.MaxValue:
                frame.Add((byte)(maskBit | 126));
                frame.AddRange(length[6..]);
                break;
            default:
                frame.Add((byte)(maskBit | 127));
                frame.AddRange(length);
                break;
        }

        var key = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(key, mask);
        if (masked)
        {
            frame.AddRange(key);
        }

        for (var i = 0; i < payload.Length; i++)
        {
            frame.Add(masked ? (byte)(payload[i] ^ key[i & 3]) : payload[i]);
        }

        return [.. frame];
    }
}
