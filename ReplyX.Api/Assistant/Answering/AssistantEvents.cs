using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>What sockets hear of an answer before it is stored. docs/websocket/protocol.md lists it.</summary>
internal static class AssistantEvents
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> TypingStart(StreamKey dialog) => Write("typing_start", dialog, WriteSender);

    public static ReadOnlyMemory<byte> TypingStop(StreamKey dialog) => Write("typing_stop", dialog, WriteSender);

    public static ReadOnlyMemory<byte> Delta(StreamKey dialog, long replyTo, int offset, string text) => Write("message_delta", dialog, json =>
    {
        WriteSender(json);
        json.WriteNumber("reply_to"u8, replyTo);
        json.WriteNumber("offset"u8, offset);
        json.WriteString("text"u8, text);
    });

    public static ReadOnlyMemory<byte> DeltaEnd(StreamKey dialog, long replyTo) =>
        Write("message_delta_end", dialog, json => json.WriteNumber("reply_to"u8, replyTo));

    private static void WriteSender(Utf8JsonWriter json) => json.WriteString("sender"u8, "assistant"u8);

    private static ReadOnlyMemory<byte> Write(string type, StreamKey dialog, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, _options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteNumber("dialog_id"u8, dialog.DialogId);
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
