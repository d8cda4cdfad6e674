using System.Buffers;
using System.Text;

namespace ReplyX.Client;

/// <summary>The characters that the protocol allows in its identifiers.</summary>
internal static class WireCharacters
{
    /// <summary>A client id travels in Redis keys and in logs: printable ASCII without the space.</summary>
    private const int MaxClientIdLength = 64;

    internal static readonly SearchValues<char> Nonce =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    internal static bool IsClientId(string id)
        => id.Length is > 0 and <= MaxClientIdLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>Whether the text has no unpaired surrogate, which UTF-8 cannot encode: the text would arrive changed.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }
}
