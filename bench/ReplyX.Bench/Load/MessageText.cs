using System.Buffers.Text;
using System.Diagnostics;

namespace ReplyX.Bench.Load;

/// <summary>
/// The 200 bytes of a message: its number in its room, when it was sent, and prose. None of it has to be escaped in JSON, so that every
/// peer carries the same bytes, and a delivery is found in whatever the peer wraps around it.
/// </summary>
internal static class MessageText
{
    public const int Length = 200;

    private const int NumberLength = 8;
    private const int TimeLength = 16;

    private static readonly byte[] _text = "@@000000000000000000000000 "u8.ToArray()
        .Concat("Your parcel left our warehouse this morning. It should be with you on Thursday before noon; if nobody is at home, the courier leaves it at the shop on the corner, with your name on it and a card."u8.ToArray())
        .Take(Length).ToArray();

    /// <summary>Writes the text of a message that is sent now.</summary>
    public static void Write(Span<byte> target, long number)
    {
        _text.CopyTo(target);
        Utf8Formatter.TryFormat(number, target[2..], out _, new('x', NumberLength));
        Utf8Formatter.TryFormat(Stopwatch.GetTimestamp(), target[(2 + NumberLength)..], out _, new('x', TimeLength));
    }

    /// <summary>Takes the next delivery out of what came.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> data, out long number, out long sentAt)
    {
        (number, sentAt) = (0, 0);
        var start = data.IndexOf("@@"u8);
        if (start < 0)
        {
            return false;
        }

        var at = data[(start + 2)..];
        if (at.Length < Length - 2
            || !Utf8Parser.TryParse(at[..NumberLength], out number, out var read, 'x') || read != NumberLength
            || !Utf8Parser.TryParse(at.Slice(NumberLength, TimeLength), out sentAt, out read, 'x') || read != TimeLength)
        {
            throw new BenchException("a delivery does not hold the text that was sent");
        }

        data = at[(Length - 2)..];
        return true;
    }
}
