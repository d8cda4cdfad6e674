using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Protocol;

/// <summary>What a node says to one socket of itself: events without a place in any stream.</summary>
internal static class ServerFrames
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly OutboundFrame Pong = OutboundFrame.Text(Heartbeat.Pong);

    public static OutboundFrame Connected(
        StreamKey stream, Cursor cursor, bool recovered, ReadMarks read, string node, string connection, TimeSpan heartbeat, DateTimeOffset now) =>
        Write("connected"u8, json =>
        {
            if (!stream.IsFeed)
            {
                json.WriteNumber("dialog_id"u8, stream.DialogId);
            }

            json.WriteString("cursor"u8, cursor.ToString());
            json.WriteBoolean("recovered"u8, recovered);
            if (!stream.IsFeed)
            {
                json.WriteStartObject("read"u8);
                foreach (var side in ReadMarks.Sides)
                {
                    json.WriteNumber(side.ToWire(), read.Of(side));
                }

                json.WriteEndObject();
            }

            json.WriteString("node"u8, node);
            json.WriteString("connection"u8, connection);
            json.WriteNumber("heartbeat_seconds"u8, heartbeat.TotalSeconds);
            json.WriteString("timestamp"u8, EventTimestamp.Format(now));
        });

    public static OutboundFrame Ack(string clientId, Cursor cursor, bool duplicate) =>
        Write("ack"u8, json =>
        {
            json.WriteString("client_id"u8, clientId);
            json.WriteNumber("id"u8, cursor.Seq);
            json.WriteNumber("seq"u8, cursor.Seq);
            json.WriteString("cursor"u8, cursor.ToString());
            json.WriteBoolean("duplicate"u8, duplicate);
        });

    public static OutboundFrame Error(ClientError error, string? clientId = null) =>
        Write("error"u8, json =>
        {
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            if (clientId is not null)
            {
                json.WriteString("client_id"u8, clientId);
            }

            if (error.RetryAfter is { } delay)
            {
                json.WriteNumber("retry_after_ms"u8, (long)delay.TotalMilliseconds);
            }
        });

    public static OutboundFrame TokenExpiring(DateTimeOffset at) =>
        Write("token_expiring"u8, json => json.WriteString(
            "expires_at"u8, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));

    public static OutboundFrame Refreshed(DateTimeOffset until) =>
        Write("refreshed"u8, json => json.WriteString(
            "expires_at"u8, until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));

    public static OutboundFrame Reconnect(TimeSpan delay) =>
        Write("reconnect"u8, json => json.WriteNumber("delay_ms"u8, (long)delay.TotalMilliseconds));

    /// <summary>The body of an event that is published but not stored.</summary>
    public static ReadOnlyMemory<byte> Ephemeral(string type, long dialogId, string sender, string? author) =>
        WriteBytes(System.Text.Encoding.ASCII.GetBytes(type), json =>
        {
            json.WriteNumber("dialog_id"u8, dialogId);
            json.WriteString("sender"u8, sender);
            if (author is not null)
            {
                json.WriteString("author"u8, author);
            }
        });

    private static OutboundFrame Write(ReadOnlySpan<byte> type, Action<Utf8JsonWriter> write) =>
        OutboundFrame.Text(WriteBytes(type, write).Span);

    private static ReadOnlyMemory<byte> WriteBytes(ReadOnlySpan<byte> type, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, _options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
