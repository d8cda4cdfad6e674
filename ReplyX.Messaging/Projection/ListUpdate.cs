using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Messaging.Projection;

/// <summary>What an account's lists are told of one event.</summary>
/// <param name="Note">The event.</param>
/// <param name="Expected">
/// What the dialog's mark has to be: an event, <see cref="NoMark"/>, or <see cref="NoMarkOrTheOneBefore"/>.
/// </param>
/// <param name="Site">The dialog's site.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Handoff">The handoff's state behind it, as it is called on the wire.</param>
/// <param name="RequestedAt">Since when an operator is asked for, where the state says that one is.</param>
/// <param name="Text">The feed's entry behind its cursor and since when the visitor waits: JSON without its opening brace.</param>
internal sealed record ListUpdate(
    OutboxEntry Note, string Expected, AssistantSite Site, string Type, string Handoff, string RequestedAt, byte[] Text)
{
    public const string NoMark = "";

    /// <summary>For who reads an outbox from its beginning: what comes before an event in its dialog was told, or stands before it.</summary>
    public const string NoMarkOrTheOneBefore = "-";

    private static readonly JsonWriterOptions _writerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What it does to who waits, as project.lua calls it.</summary>
    public string Does => Type switch
    {
        "message" => Note.Sender == Sender.User.ToWire() ? "asks" : "answers",
        "handoff_released" => "ends",
        _ => "",
    };

    /// <summary>Writes the text.</summary>
    /// <param name="seq">The event's number.</param>
    /// <param name="handoff">The handoff's state.</param>
    /// <param name="readUpTo">Up to where the team has read.</param>
    /// <param name="takenBy">Of a takeover, who has the dialog now.</param>
    /// <param name="introduce">Adds what lists are told of a dialog that they do not know.</param>
    /// <param name="tail">The event in short.</param>
    public static byte[] Write(
        long seq,
        string handoff,
        long readUpTo,
        (string Id, string Name)? takenBy,
        Action<Utf8JsonWriter>? introduce,
        ReadOnlyMemory<byte> tail)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, _writerOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("last_seq"u8, seq);
            writer.WriteString("handoff"u8, handoff);
            writer.WriteNumber("unread"u8, Math.Max(0, seq - readUpTo));
            if (takenBy is { } person)
            {
                writer.WriteString("operator"u8, person.Name);
                writer.WriteString("operator_id"u8, person.Id);
            }

            introduce?.Invoke(writer);
            writer.Flush();
        }

        return [.. buffer.WrittenSpan[1..], (byte)',', .. tail.Span];
    }
}
