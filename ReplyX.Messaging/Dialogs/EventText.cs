using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// Writes events' JSON around the numbers that only the append script knows: a head that ends before <c>"id"</c>, and a tail
/// that starts after the cursor.
/// </summary>
internal static class EventText
{
    private const int PreviewLength = 120;

    // Sockets and problem details are never inlined into HTML, so text stays readable and small.
    private static readonly JsonWriterOptions _writerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Head(string type, long dialogId) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"{type}\",\"dialog_id\":{dialogId},");

    public static ReadOnlyMemory<byte> MessageTail(
        Sender sender, string text, string? author, string? clientId, long? replyTo, DateTimeOffset now) =>
        Tail(json =>
        {
            json.WriteString("sender"u8, sender.ToWire());
            json.WriteString("text"u8, text);
            WriteOptional(json, "author"u8, author);
            WriteOptional(json, "client_id"u8, clientId);
            if (replyTo is { } seq)
            {
                json.WriteNumber("reply_to"u8, seq);
            }

            json.WriteString("timestamp"u8, EventTimestamp.Format(now));
        });

    public static ReadOnlyMemory<byte> HandoffTail(HandoffState state, string? operatorName, string? reason, DateTimeOffset now) =>
        Tail(json =>
        {
            json.WriteString("handoff"u8, state.ToWire());
            WriteOptional(json, "operator"u8, operatorName);
            WriteOptional(json, "reason"u8, reason);
            json.WriteString("timestamp"u8, EventTimestamp.Format(now));
        });

    public static ReadOnlyMemory<byte> FeedTail(string type, Sender sender, string text, DateTimeOffset now) =>
        FeedTail(type, sender.ToWire(), text, now);

    public static ReadOnlyMemory<byte> FeedTail(string type, string sender, string text, DateTimeOffset now) =>
        Tail(json =>
        {
            json.WriteString("event"u8, type);
            json.WriteString("sender"u8, sender);
            json.WriteString("preview"u8, Preview(text));
            json.WriteString("timestamp"u8, EventTimestamp.Format(now));
        });

    /// <summary>What tells whether a retried send is the same send.</summary>
    public static string Hash(string kind, string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{text}")).AsSpan(0, 16));

    // Cut between text elements, so that no emoji or accent is torn.
    public static string Preview(string text)
    {
        if (text.Length <= PreviewLength)
        {
            return text;
        }

        var length = 0;
        while (length < text.Length)
        {
            var next = StringInfo.GetNextTextElementLength(text, length);
            if (length + next > PreviewLength)
            {
                break;
            }

            length += next;
        }

        return text[..length];
    }

    private static void WriteOptional(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static ReadOnlyMemory<byte> Tail(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, _writerOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        // Without the opening brace, which the head has.
        return buffer.WrittenMemory[1..];
    }
}
