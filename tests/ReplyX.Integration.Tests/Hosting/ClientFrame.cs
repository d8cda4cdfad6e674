using System.Buffers.Binary;
using System.Text;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>Frames as a client puts them on the wire, well made or not.</summary>
internal static class ClientFrame
{
    public const int Continuation = 0x0;
    public const int TextOpcode = 0x1;
    public const int CloseOpcode = 0x8;
    public const int PingOpcode = 0x9;
    public const int PongOpcode = 0xA;

    private static readonly byte[] _mask = [0x11, 0x22, 0x33, 0x44];

    /// <summary>A frame with at most 65,535 bytes of payload.</summary>
    public static byte[] Of(int opcode, ReadOnlySpan<byte> payload = default, bool final = true, bool masked = true, int reserved = 0)
    {
        var isShort = payload.Length < 126;
        List<byte> frame = [(byte)((final ? 0x80 : 0) | reserved | opcode), (byte)((masked ? 0x80 : 0) | (isShort ? payload.Length : 126))];
        if (!isShort)
        {
            Span<byte> length = stackalloc byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)payload.Length));
            frame.AddRange(length);
        }

        if (masked)
        {
            frame.AddRange(_mask);
        }

        for (var i = 0; i < payload.Length; i++)
        {
            frame.Add(masked ? (byte)(payload[i] ^ _mask[i % _mask.Length]) : payload[i]);
        }

        return [.. frame];
    }

    public static byte[] Text(string text) => Of(TextOpcode, Encoding.UTF8.GetBytes(text));

    public static byte[] Close(int code) => Of(CloseOpcode, [(byte)(code >> 8), (byte)code]);

    /// <summary>One frame many times over.</summary>
    public static byte[] Repeat(byte[] frame, int times)
    {
        var all = new byte[frame.Length * times];
        for (var i = 0; i < times; i++)
        {
            frame.CopyTo(all, i * frame.Length);
        }

        return all;
    }
}
