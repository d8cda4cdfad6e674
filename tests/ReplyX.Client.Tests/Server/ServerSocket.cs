using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ReplyX.Client.Tests.Server;

/// <summary>The server's end of a socket, in a script's hands.</summary>
internal sealed class ServerSocket(WebSocket socket, string path, string? cursor, string token, string query)
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    public string Path { get; } = path;

    public string? Cursor { get; } = cursor;

    public string Token { get; } = token;

    public string Query { get; } = query;

    /// <summary>The code that the client closed with, once it has.</summary>
    public int? ClosedWith { get; private set; }

    public Task GreetAsync(bool recovered, string cursor, double heartbeatSeconds = 25)
        => SendAsync($$"""{"type":"connected","dialog_id":7,"cursor":"{{cursor}}","recovered":{{(recovered ? "true" : "false")}},"node":"n1","connection":"c1","heartbeat_seconds":{{heartbeatSeconds}},"timestamp":"2026-01-01T00:00:00.000Z"}""");

    public Task SendAsync(string text)
        => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task AckAsync(string clientId, LogEntry entry, bool duplicate = false)
        => SendAsync($$"""{"type":"ack","client_id":"{{clientId}}","id":{{entry.Seq}},"seq":{{entry.Seq}},"cursor":"{{entry.Cursor}}","duplicate":{{(duplicate ? "true" : "false")}}}""");

    public Task ErrorAsync(string? clientId, string code, int? retryAfterMs = null)
        => SendAsync(JsonSerializer.Serialize(new { type = "error", code, message = "no", client_id = clientId, retry_after_ms = retryAfterMs }));

    /// <summary>The next text frame; null when the client has gone.</summary>
    public async Task<string?> ReceiveAsync()
    {
        var length = 0;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    ClosedWith = (int?)socket.CloseStatus;
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return null;
                }

                length += part.Count;
                if (part.EndOfMessage)
                {
                    return Encoding.UTF8.GetString(_buffer, 0, length);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>The next frame of a type, heartbeats and others passed over.</summary>
    public async Task<JsonElement> ReceiveAsync(string type)
    {
        while (await ReceiveAsync() is { } text)
        {
            if (text[0] == '{')
            {
                var frame = JsonDocument.Parse(text).RootElement;
                if (frame.GetProperty("type").GetString() == type)
                {
                    return frame;
                }
            }
        }

        throw new InvalidOperationException($"The client went away without sending {type}.");
    }

    /// <summary>Keeps the socket open until the client goes, answering heartbeats.</summary>
    public async Task StayOpenAsync()
    {
        while (await ReceiveAsync() is { } text)
        {
            if (text == "__ping__")
            {
                await SendAsync("__pong__");
            }
        }
    }

    public async Task CloseAsync(int code)
    {
        await socket.CloseOutputAsync((WebSocketCloseStatus)code, null, CancellationToken.None);
        while (await ReceiveAsync() is not null)
        {
        }
    }

    /// <summary>Cuts the connection without a word.</summary>
    public void Cut() => socket.Abort();
}
