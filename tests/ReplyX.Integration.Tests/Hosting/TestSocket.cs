using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A plain WebSocket that shows what a node says, nothing more.</summary>
internal sealed class TestSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;

    private TestSocket(ClientWebSocket socket) => _socket = socket;

    public string? Subprotocol => _socket.SubProtocol;

    public static async Task<TestSocket> ConnectAsync(
        Uri node, string path, string? token, string? cursor = null, string? origin = null, bool tokenInQuery = false)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        List<string> query = [];
        if (token is not null && tokenInQuery)
        {
            query.Add($"token={Uri.EscapeDataString(token)}");
        }
        else if (token is not null)
        {
            socket.Options.AddSubProtocol("replyx.v1");
            socket.Options.AddSubProtocol($"replyx.token.{token}");
        }

        if (cursor is not null)
        {
            query.Add($"cursor={cursor}");
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        var url = new UriBuilder(node) { Scheme = "ws", Path = path, Query = string.Join('&', query) }.Uri;
        try
        {
            await socket.ConnectAsync(url, TestTimeout.Token());
            return new TestSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects and takes the first event, which must be <c>connected</c>.</summary>
    public static async Task<(TestSocket Socket, JsonElement Connected)> OpenAsync(
        Uri node, string path, string token, string? cursor = null)
    {
        var socket = await ConnectAsync(node, path, token, cursor);
        var connected = await socket.ReceiveAsync();
        Assert.Equal("connected", connected.GetProperty("type").GetString());
        return (socket, connected);
    }

    public Task SendAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestTimeout.Token());

    /// <summary>The code that the node closed with.</summary>
    public int CloseCode => (int)(_socket.CloseStatus ?? 0);

    public async Task<string> ReceiveTextAsync(string what = "a message") => await TryReceiveTextAsync(what)
        ?? throw new InvalidOperationException($"Waiting for {what}: closed with {CloseCode} {_socket.CloseStatusDescription}");

    public async Task<JsonElement> ReceiveAsync(string what = "an event") =>
        JsonDocument.Parse(await ReceiveTextAsync(what)).RootElement;

    /// <summary>The next event; null if the node closed instead.</summary>
    public async Task<JsonElement?> TryReceiveAsync(string what = "an event") =>
        await TryReceiveTextAsync(what) is { } text ? JsonDocument.Parse(text).RootElement : null;

    /// <summary>Reads on until the node closes.</summary>
    public async Task<int> ReceiveCloseAsync()
    {
        while (await TryReceiveTextAsync("the close") is not null)
        {
            // Whatever was under way.
        }

        return CloseCode;
    }

    public async Task CloseAsync() =>
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestTimeout.Token()).Within("the node's goodbye");

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> TryReceiveTextAsync(string what)
    {
        var buffer = new byte[200_000];
        var length = 0;
        while (true)
        {
            var result = await _socket.ReceiveAsync(buffer.AsMemory(length), TestTimeout.Token()).AsTask().Within(what);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestTimeout.Token());
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }
}
