using System.Net.WebSockets;

namespace ReplyX.Bench.AspNetPeers;

/// <summary>A socket that several senders write to; WebSocket allows one send at a time.</summary>
internal sealed class RoomSocket(WebSocket socket) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public async Task SendAsync(ReadOnlyMemory<byte> message)
    {
        await _turn.WaitAsync();
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // This member is gone; its own loop notices.
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
