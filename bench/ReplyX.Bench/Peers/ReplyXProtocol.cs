using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ReplyX.Bench.Load;

namespace ReplyX.Bench.Peers;

/// <summary>docs/websocket/protocol.md, as a visitor's widget speaks it.</summary>
internal sealed class ReplyXProtocol(IReadOnlyList<int> ports, int apiPort, bool sendsOverHttp) : PeerProtocol(ports)
{
    private const int KeyDigits = 12;
    private const int NoToken = 4002;

    private readonly Dictionary<Room, byte[]> _heads = [];

    private static ReadOnlySpan<byte> PostOpening => "{\"text\":\""u8;

    private static ReadOnlySpan<byte> KeyOpening => "\",\"client_id\":\""u8;

    private static ReadOnlySpan<byte> Ending => "\"}"u8;

    private static int PostBodyLength => PostOpening.Length + MessageText.Length + KeyOpening.Length + KeyDigits + Ending.Length;

    public override int? PostPort => sendsOverHttp ? apiPort : null;

    public override ReadOnlySpan<byte> Heartbeat => "__ping__"u8;

    public override void OnUpgraded(WebSocketConnection socket)
    {
        // Ready is who was greeted.
    }

    public override int OnData(WebSocketConnection socket, ReadOnlySpan<byte> data)
    {
        if (!socket.IsReady && data.IndexOf("\"connected\""u8) >= 0)
        {
            if (socket.Mode == ConnectMode.Returning && data.IndexOf("\"recovered\":true"u8) < 0)
            {
                socket.Fail($"did not recover: {Encoding.UTF8.GetString(data)}");
            }

            socket.SetReady();
            return data.Length;
        }

        if (data.StartsWith("{\"type\":\"error\""u8))
        {
            socket.Fail(Encoding.UTF8.GetString(data));
        }

        return base.OnData(socket, data);
    }

    public override void OnGoodbye(WebSocketConnection socket, ReadOnlySpan<byte> payload)
    {
        if (socket.Mode == ConnectMode.Bare && payload.Length >= 2 && ((payload[0] << 8) | payload[1]) == NoToken)
        {
            socket.SetReady();
            return;
        }

        base.OnGoodbye(socket, payload);
    }

    protected override string Path(Room room, ConnectMode mode)
        => $"/ws/widget/dialogs/{room.Id}{(mode == ConnectMode.Returning ? $"?cursor={room.Cursor}" : "")}";

    protected override string Headers(Room room, ConnectMode mode)
        => mode == ConnectMode.Bare ? "Sec-WebSocket-Protocol: replyx.v1\r\n" : $"Sec-WebSocket-Protocol: replyx.v1, replyx.token.{room.Token}\r\n";

    protected override int WriteMessage(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text)
        => Write(target, "{\"type\":\"message\",\"text\":\""u8, text, number);

    protected override int WritePost(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text)
    {
        if (!_heads.TryGetValue(room, out var head))
        {
            head = _heads[room] = Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"POST /api/widget/dialogs/{room.Id}/messages HTTP/1.1\r\nHost: 127.0.0.1:{apiPort}\r\nAuthorization: Bearer {room.Token}\r\nContent-Type: application/json\r\nContent-Length: {PostBodyLength}\r\n\r\n"));
        }

        head.CopyTo(target);
        return head.Length + Write(target[head.Length..], PostOpening, text, number);
    }

    private static int Write(Span<byte> target, ReadOnlySpan<byte> opening, ReadOnlySpan<byte> text, long number)
    {
        Span<byte> key = stackalloc byte[KeyDigits];
        Utf8Formatter.TryFormat(number, key, out _, new('x', KeyDigits));
        return Join(target, opening, text, KeyOpening, key, Ending);
    }
}
