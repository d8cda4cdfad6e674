using System.Globalization;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Projection;

/// <summary>A note of append_spread.lua: an event that an account's lists are to be told of.</summary>
/// <param name="Dialog">The dialog.</param>
/// <param name="Sender">Who caused the event, as it is called on the wire.</param>
/// <param name="Seq">The event's number.</param>
/// <param name="Nonce">The event's nonce.</param>
/// <param name="Time">When it was appended, in Unix milliseconds.</param>
/// <param name="IsNew">Whether lists have not heard of the dialog before.</param>
internal readonly record struct OutboxEntry(StreamKey Dialog, string Sender, long Seq, string Nonce, long Time, bool IsNew)
{
    private const string New = "new";

    /// <summary>The event as a dialog's mark names it (see project.lua).</summary>
    public string Mark => string.Create(CultureInfo.InvariantCulture, $"{Seq} {Nonce}");

    /// <summary>Reads a note.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(RedisValue text, out OutboxEntry entry)
    {
        entry = default;
        var words = ((string?)text ?? "").Split(' ');
        if (words.Length is not (6 or 7)
            || !long.TryParse(words[1], CultureInfo.InvariantCulture, out var dialog)
            || !long.TryParse(words[3], CultureInfo.InvariantCulture, out var seq)
            || !long.TryParse(words[5], CultureInfo.InvariantCulture, out var time))
        {
            return false;
        }

        entry = new OutboxEntry(StreamKey.ForDialog(words[0], dialog), words[2], seq, words[4], time, words.Length == 7);
        return true;
    }

    /// <summary>The note as the outbox has it.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Dialog.Account} {Dialog.DialogId} {Sender} {Seq} {Nonce} {Time}{(IsNew ? " " + New : "")}");
}
