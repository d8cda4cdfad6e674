using System.Text;
using ReplyX.Bench.Load;

namespace ReplyX.Bench.Peers;

/// <summary>Socket.IO 4 over Engine.IO 4: a digit of the one, then a digit of the other, then JSON.</summary>
internal sealed class SocketIoProtocol(int port) : PeerProtocol(port)
{
    public override void OnUpgraded(WebSocketConnection socket)
    {
        // Engine.IO's "0{…}" comes first.
    }

    public override int OnData(WebSocketConnection socket, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("2"u8))
        {
            Send(socket, "3"u8);
        }
        else if (!socket.IsReady)
        {
            GoOn(socket, data);
        }

        return base.OnData(socket, data);
    }

    protected override string Path(Room room, ConnectMode mode) => "/socket.io/?EIO=4&transport=websocket";

    protected override int WriteMessage(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text)
        => Join(target, "42[\"send\",\""u8, room.Utf8Id, "\",\""u8, text, "\"]"u8);

    private void GoOn(WebSocketConnection socket, ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("0{"u8))
        {
            Send(socket, "40"u8);
        }
        else if (data.StartsWith("40"u8) && socket.Mode != ConnectMode.Bare)
        {
            Send(socket, Encoding.ASCII.GetBytes($"420[\"join\",\"{socket.Room.Id}\"]"));
        }
        else if (data.StartsWith("40"u8) || data.StartsWith("430"u8))
        {
            socket.SetReady();
        }
        else
        {
            socket.Fail(Encoding.UTF8.GetString(data));
        }
    }
}
