using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace ReplyX.Realtime.WebSockets;

/// <summary>Checks text that comes in pieces, which may end amid a character (RFC 6455 section 8.1).</summary>
internal static class Utf8Check
{
    // A character has four bytes at most, so that three of one may be missing its last.
    private const int LongestBegun = 3;

    /// <summary>How far a text is checked, given that all before a point was.</summary>
    /// <param name="text">All of the text that there is.</param>
    /// <param name="checkedTo">How much of it is known to be UTF-8.</param>
    /// <param name="isWhole">Whether nothing follows.</param>
    /// <returns>How much is known now; negative if it is no UTF-8, whatever follows.</returns>
    public static int Advance(ReadOnlySpan<byte> text, int checkedTo, bool isWhole)
    {
        var end = isWhole ? text.Length : text.Length - Begun(text[checkedTo..]);
        return Utf8.IsValid(text[checkedTo..end]) ? end : -1;
    }

    // How many bytes at the end are the beginning of a character.
    private static int Begun(ReadOnlySpan<byte> text)
    {
        for (var length = 1; length <= Math.Min(LongestBegun, text.Length); length++)
        {
            if (Rune.DecodeFromUtf8(text[^length..], out _, out _) == OperationStatus.NeedMoreData)
            {
                return length;
            }
        }

        return 0;
    }
}
