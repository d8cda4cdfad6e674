using System.Text;
using ReplyX.Bench.Load;

namespace ReplyX.Bench.Peers;

/// <summary>SignalR's JSON hub protocol over a WebSocket without negotiation. Each record ends with 0x1E.</summary>
internal sealed class SignalRProtocol(int port) : PeerProtocol(port)
{
    public override ReadOnlySpan<byte> Heartbeat => "{\"type\":6}\u001e"u8;

    public override void OnUpgraded(WebSocketConnection socket) => Send(socket, "{\"protocol\":\"json\",\"version\":1}\u001e"u8);

    public override int OnData(WebSocketConnection socket, ReadOnlySpan<byte> data)
    {
        if (!socket.IsReady)
        {
            if (data.IndexOf("\"type\":3"u8) >= 0)
            {
                socket.SetReady();
            }
            else if (data.StartsWith("{}\u001e"u8))
            {
                Join(socket);
            }
        }

        return base.OnData(socket, data);
    }

    protected override string Path(Room room, ConnectMode mode) => "/chat";

    protected override int WriteMessage(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text)
        => Join(target, "{\"type\":1,\"target\":\"Send\",\"arguments\":[\""u8, room.Utf8Id, "\",\""u8, text, "\"]}\u001e"u8);

    private void Join(WebSocketConnection socket)
    {
        if (socket.Mode == ConnectMode.Bare)
        {
            socket.SetReady();
            return;
        }

        var join = $$"""{"type":1,"invocationId":"1","target":"Join","arguments":["{{socket.Room.Id}}"]}""";
        Send(socket, Encoding.ASCII.GetBytes(join + "\u001e"));
    }
}
