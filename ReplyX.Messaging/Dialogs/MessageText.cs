using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ReplyX.Messaging.Dialogs;

/// <summary>What a message may say.</summary>
public static class MessageText
{
    /// <summary>Whether a text may be sent: something that is seen, and no longer than allowed.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The most UTF-16 code units.</param>
    public static bool IsAcceptable([NotNullWhen(true)] string? text, int maxLength) =>
        text is not null && text.Length <= maxLength && text.EnumerateRunes().Any(IsSeen);

    // Format characters, such as a zero width space, are as blank as white space.
    private static bool IsSeen(Rune rune) =>
        !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format);
}
