using System.Globalization;
using System.Text.Json;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>
/// What waits for an answer in a dialog, by its log: the visitor's messages that nobody has answered and that were not written to an
/// operator. The log knows better than any list beside it, since an answer and the word that it was given are one entry.
/// </summary>
/// <param name="Waiting">The messages, in order.</param>
/// <param name="Last">The last event that was read.</param>
/// <param name="ResumeAt">Where to read on: behind it, or from where an operator took the dialog, to see again that one has it.</param>
internal sealed record Backlog(IReadOnlyList<Question> Waiting, long Last, long ResumeAt)
{
    private const int PageSize = 200;

    // How far is looked ahead: the first of them is answered now, unless what stands behind it says that it is not to be.
    private const int MostWaiting = 50;

    /// <param name="log">The log.</param>
    /// <param name="dialog">The dialog.</param>
    /// <param name="from">The first event to read.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<Backlog> ReadAsync(DialogLog log, StreamKey dialog, long from, CancellationToken cancellationToken)
    {
        var waiting = new List<Question>();
        var (last, isHeld, takenAt) = (from - 1, false, 0L);
        LogPage page;
        do
        {
            page = await log.ReadFromAsync(dialog, last + 1, PageSize, cancellationToken);
            foreach (var entry in page.Entries)
            {
                last = entry.Seq;
                if (entry.Key is var key && key.StartsWith(AnswerKeys.Prefix, StringComparison.Ordinal))
                {
                    NoteOwn(waiting, key);
                }

                switch (DialogEvent.Read(entry))
                {
                    case { Type: "message", Sender: "user", Text: { } text } when !isHeld:
                        waiting.Add(new Question(entry.Seq, text, IsHandedOver: false));
                        break;
                    case { Type: "handoff_started" }:
                        (isHeld, takenAt) = (true, entry.Seq);
                        waiting.Clear();
                        break;
                    case { Type: "handoff_released" }:
                        isHeld = false;
                        break;
                }
            }
        }
        while (page.HasMore && waiting.Count < MostWaiting);
        return new Backlog(waiting, last, isHeld ? takenAt : last + 1);
    }

    private static void NoteOwn(List<Question> waiting, string key)
    {
        if (AnswerKeys.TryParse(key, out var isAnswer, out var seq) && waiting.FindIndex(question => question.Seq == seq) is >= 0 and var at)
        {
            if (isAnswer)
            {
                waiting.RemoveAt(at);
            }
            else
            {
                waiting[at] = waiting[at] with { IsHandedOver = true };
            }
        }
    }
}

/// <summary>A visitor's message that waits.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Text">What it says.</param>
/// <param name="IsHandedOver">Whether a human was asked for because of it, and only the word to the visitor is missing.</param>
internal sealed record Question(long Seq, string Text, bool IsHandedOver);

/// <summary>The idempotency keys of what the assistant appends, by the number of the message that it is for.</summary>
internal static class AnswerKeys
{
    public const string Prefix = Principals.Assistant + ":";
    private const string AnswerPrefix = "a.";
    private const string HandoverPrefix = "h.";

    /// <summary>Of the one message that answers.</summary>
    public static IdempotencyKey Answer(long seq) => Key(AnswerPrefix, seq);

    /// <summary>Of asking for a human.</summary>
    public static IdempotencyKey Handover(long seq) => Key(HandoverPrefix, seq);

    public static bool TryParse(string key, out bool isAnswer, out long seq)
    {
        var own = key.AsSpan(Prefix.Length);
        isAnswer = own.StartsWith(AnswerPrefix, StringComparison.Ordinal);
        seq = 0;
        return (isAnswer || own.StartsWith(HandoverPrefix, StringComparison.Ordinal))
            && long.TryParse(own[AnswerPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out seq);
    }

    private static IdempotencyKey Key(string prefix, long seq) =>
        IdempotencyKey.TryCreate(Principals.Assistant, string.Create(CultureInfo.InvariantCulture, $"{prefix}{seq}"), out var key)
            ? key
            : throw new ArgumentOutOfRangeException(nameof(seq));
}

/// <summary>As much of a stored event as answering needs.</summary>
internal readonly record struct DialogEvent(string? Type, string? Sender, string? Text, string? Author)
{
    public static DialogEvent Read(in LogEntry entry)
    {
        string? type = null, sender = null, text = null, author = null;
        var json = new Utf8JsonReader(entry.Payload.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.ValueTextEquals("type"u8);
            var isSender = json.ValueTextEquals("sender"u8);
            var isText = json.ValueTextEquals("text"u8);
            var isAuthor = json.ValueTextEquals("author"u8);
            json.Read();
            if (json.TokenType == JsonTokenType.String && (isType || isSender || isText || isAuthor))
            {
                var value = json.GetString();
                type = isType ? value : type;
                sender = isSender ? value : sender;
                text = isText ? value : text;
                author = isAuthor ? value : author;
            }
            else
            {
                json.Skip();
            }
        }

        return new DialogEvent(type, sender, text, author);
    }
}
