using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ReplyX.Client;

/// <summary>
/// A place in a dialog's log or in an account's feed: the number of an event and the nonce that the log gave it.
/// The nonce tells the event from another one that got the same number after a log was lost and grew again.
/// </summary>
/// <param name="Seq">The event's number, from 1; 0 is the place before the first event.</param>
/// <param name="Nonce">Letters and digits chosen by the log when it stored the event.</param>
public readonly record struct EventCursor(long Seq, string Nonce) : IParsable<EventCursor>
{
    private const int MaxNonceLength = 64;
    private const string NoNonce = "0";

    /// <summary>The place before the first event (<c>0-0</c>): resuming from it asks for the whole log.</summary>
    public static EventCursor Start { get; } = new(0, NoNonce);

    /// <summary>Whether the nonce is known. A server never resumes from a cursor whose nonce is not, which is safe.</summary>
    internal bool IsVerified => Nonce != NoNonce;

    /// <summary>Reads the wire form, such as <c>12-9f3c</c>.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used: the form is the same everywhere.</param>
    /// <param name="result">The cursor, when the answer is true.</param>
    /// <returns>Whether the text is a cursor.</returns>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EventCursor result)
    {
        result = default;
        var text = s.AsSpan();
        var dash = text.IndexOf('-');
        if (dash <= 0)
        {
            return false;
        }

        var nonce = text[(dash + 1)..];
        if (nonce.Length is 0 or > MaxNonceLength || nonce.ContainsAnyExcept(WireCharacters.Nonce))
        {
            return false;
        }

        if (!long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
        {
            return false;
        }

        result = new EventCursor(seq, nonce.ToString());
        return true;
    }

    /// <summary>Reads the wire form, such as <c>12-9f3c</c>.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Not used: the form is the same everywhere.</param>
    /// <returns>The cursor.</returns>
    /// <exception cref="FormatException">The text is not a cursor.</exception>
    public static EventCursor Parse(string s, IFormatProvider? provider = null)
        => TryParse(s, provider, out var cursor) ? cursor : throw new FormatException("A cursor is a number, a dash and a nonce.");

    internal static EventCursor Unverified(long seq) => new(seq, NoNonce);

    /// <summary>The wire form.</summary>
    /// <returns>For example <c>12-9f3c</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seq}-{Nonce ?? NoNonce}");
}
