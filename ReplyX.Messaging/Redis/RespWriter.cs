using System.Buffers;
using System.Buffers.Text;

namespace ReplyX.Messaging.Redis;

/// <summary>Commands as Redis reads them: an array of bulk strings (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec/).</summary>
internal static class RespWriter
{
    // A sign, ten digits and a line's end.
    private const int LongestNumber = 13;

    /// <summary>Begins a command.</summary>
    /// <param name="commands">Where to.</param>
    /// <param name="parts">How many parts follow: the command's name and its arguments.</param>
    public static void WriteCommand(this IBufferWriter<byte> commands, int parts) => WriteNumber(commands, (byte)'*', parts);

    /// <summary>A part of a command.</summary>
    public static void WritePart(this IBufferWriter<byte> commands, ReadOnlySpan<byte> bytes)
    {
        WriteNumber(commands, (byte)'$', bytes.Length);
        commands.Write(bytes);
        commands.Write("\r\n"u8);
    }

    private static void WriteNumber(IBufferWriter<byte> commands, byte type, int number)
    {
        var span = commands.GetSpan(LongestNumber);
        span[0] = type;
        Utf8Formatter.TryFormat(number, span[1..], out var digits);
        "\r\n"u8.CopyTo(span[(1 + digits)..]);
        commands.Advance(digits + 3);
    }
}
