using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ReplyX.Messaging.Streams;

/// <summary>
/// A position in a stream: the last event seen, as <c>seq-nonce</c>. The nonce is drawn anew for every append, so that a log
/// which was lost or rolled back and then grew over the same numbers is told from the one that the cursor was taken from.
/// </summary>
/// <param name="Seq">The event's number in its stream, from 1; 0 before the first event.</param>
/// <param name="Nonce">The random number that the append drew; 0 before the first event.</param>
public readonly record struct Cursor(long Seq, ulong Nonce)
{
    // "9007199254740991-" and 16 hexadecimal digits.
    private const int MaxLength = 33;

    // Every client's number type holds it. Redis would answer a larger one with an error, as an index that is out of range.
    internal const long MaxSeq = (1L << 53) - 1;

    /// <summary>The position before the first event, written <c>0-0</c>.</summary>
    public static Cursor Start => default;

    /// <summary>Reads a cursor as a client sends it.</summary>
    /// <param name="text">The text, e.g. <c>12-9f3c01ab</c>.</param>
    /// <param name="cursor">The cursor, if the text is one.</param>
    /// <returns>Whether the text is a cursor.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Cursor cursor)
    {
        cursor = default;
        if (text is null || text.Length is < 3 or > MaxLength)
        {
            return false;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            || !ulong.TryParse(text.AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var nonce)
            || seq > MaxSeq
            || (seq == 0 && nonce != 0))
        {
            return false;
        }

        cursor = new Cursor(seq, nonce);
        return true;
    }

    /// <summary>Reads <c>seq nonce</c> with a separator of one byte, as log entries begin.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> utf8, byte separator, out Cursor cursor, out int consumed)
    {
        cursor = default;
        consumed = 0;
        if (!Utf8Parser.TryParse(utf8, out long seq, out var seqLength)
            || seqLength >= utf8.Length
            || utf8[seqLength] != separator
            || !Utf8Parser.TryParse(utf8[(seqLength + 1)..], out ulong nonce, out var nonceLength, 'x'))
        {
            return false;
        }

        cursor = new Cursor(seq, nonce);
        consumed = seqLength + 1 + nonceLength;
        return true;
    }

    /// <summary>The nonce as it stands in logs and on the wire.</summary>
    internal string NonceText => Nonce.ToString(Seq == 0 ? "x" : "x8", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seq}-{NonceText}");
}
