using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>What a message may say.</summary>
public static class MessageText
{
    /// <summary>Whether a text may be sent: something other than white space, and no longer than allowed.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The most UTF-16 code units.</param>
    public static bool IsAcceptable([NotNullWhen(true)] string? text, int maxLength) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength;
}
