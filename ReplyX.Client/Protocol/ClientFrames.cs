using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ReplyX.Client;

/// <summary>Writes the frames that a client sends.</summary>
internal static class ClientFrames
{
    /// <summary>
    /// Text goes out as it is and not as <c>\u</c> escapes, which would make a Cyrillic message three times as long. The default
    /// encoder escapes for HTML, which these frames are never put into.
    /// </summary>
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Ping { get; } = "__ping__"u8.ToArray();

    internal static byte[] TypingStart { get; } = Write(static w => w.WriteString("type", FrameTypes.TypingStart));

    internal static byte[] TypingStop { get; } = Write(static w => w.WriteString("type", FrameTypes.TypingStop));

    internal static byte[] Message(string text, string clientId) => Write(w =>
    {
        w.WriteString("type", FrameTypes.Message);
        w.WriteString("text", text);
        w.WriteString("client_id", clientId);
    });

    internal static byte[] Read(long seq) => Write(w =>
    {
        w.WriteString("type", FrameTypes.Read);
        w.WriteNumber("seq", seq);
    });

    internal static byte[] Refresh(string token) => Write(w =>
    {
        w.WriteString("type", FrameTypes.Refresh);
        w.WriteString("token", token);
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, _options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
