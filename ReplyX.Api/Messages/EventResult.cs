using System.Buffers;
using System.Text.Json;

namespace ReplyX.Api.Messages;

/// <summary>Writes JSON that contains events. Their bytes are written as they are in the log.</summary>
internal static class EventResult
{
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    public static void WriteEvent(this Utf8JsonWriter json, ReadOnlyMemory<byte> payload) =>
        json.WriteRawValue(payload.Span, skipInputValidation: true);
}
