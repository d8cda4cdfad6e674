using System.Net.WebSockets;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>A socket that reads messages into one buffer and keeps none, so that what is allocated is the node's.</summary>
internal sealed class CountingSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];

    private CountingSocket(ClientWebSocket socket) => _socket = socket;

    /// <summary>Connects and takes <c>connected</c>.</summary>
    public static async Task<CountingSocket> OpenAsync(Uri node, string path, string token)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        socket.Options.AddSubProtocol("replyx.v1");
        socket.Options.AddSubProtocol($"replyx.token.{token}");
        await socket.ConnectAsync(new UriBuilder(node) { Scheme = "ws", Path = path }.Uri, TestTimeout.Token());
        var counting = new CountingSocket(socket);
        await counting.ReceiveAsync();
        return counting;
    }

    /// <summary>Takes one message.</summary>
    /// <returns>The message; valid until the next one is taken.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync()
    {
        var length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(_buffer.AsMemory(length), TestContext.Current.CancellationToken);
            Assert.Equal(WebSocketMessageType.Text, result.MessageType);
            length += result.Count;
        }
        while (!result.EndOfMessage);
        return _buffer.AsMemory(0, length);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
