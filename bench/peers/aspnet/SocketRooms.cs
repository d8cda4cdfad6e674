using System.Collections.Concurrent;
using System.Net.WebSockets;

namespace ReplyX.Bench.AspNetPeers;

/// <summary>Rooms over ASP.NET's WebSockets without anything else: what one socket says is sent to every socket of its room.</summary>
internal sealed class SocketRooms
{
    private const int MaxMessageBytes = 4096;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<RoomSocket, byte>> _rooms = new();

    public async Task ServeAsync(string? room, HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using var webSocket = await context.WebSockets.AcceptWebSocketAsync();
        using var socket = new RoomSocket(webSocket);
        var members = room is null ? [] : _rooms.GetOrAdd(room, _ => new());
        members.TryAdd(socket, 0);
        try
        {
            await RelayAsync(webSocket, members, context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone.
        }
        finally
        {
            members.TryRemove(socket, out _);
        }
    }

    private static async Task RelayAsync(WebSocket socket, ConcurrentDictionary<RoomSocket, byte> members, CancellationToken cancel)
    {
        // Nothing is rented for a socket that waits: a read of no bytes tells when there is something.
        while (true)
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, cancel);
            var buffer = new byte[MaxMessageBytes];
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel);
                return;
            }

            var message = buffer.AsMemory(0, received.Count);
            List<Task>? pending = null;
            foreach (var (member, _) in members)
            {
                var sending = member.SendAsync(message);
                if (!sending.IsCompletedSuccessfully)
                {
                    (pending ??= []).Add(sending);
                }
            }

            if (pending is not null)
            {
                await Task.WhenAll(pending);
            }
        }
    }
}
