using System.Text;

namespace ReplyX.Bench.Load;

/// <summary>How a peer is spoken to.</summary>
/// <param name="ports">Where its sockets are, on 127.0.0.1: of each node one.</param>
internal abstract class PeerProtocol(params IReadOnlyList<int> ports)
{
    private const int MaxFrameLength = 2048;

    private readonly byte[] _payload = new byte[MaxFrameLength];
    private readonly byte[] _frame = new byte[MaxFrameLength];
    private readonly byte[] _text = new byte[MessageText.Length];
    private int _next;

    /// <summary>Where the next socket goes: to one node after the other.</summary>
    public int NextPort() => ports[_next++ % ports.Count];

    /// <summary>Where messages are posted, or null where they are sent over the room's sockets.</summary>
    public virtual int? PostPort => null;

    /// <summary>Whether frames cut the server's bytes anywhere.</summary>
    public virtual bool IsStream => false;

    /// <summary>What to send every 15 s so that the server does not take the client for dead, or nothing.</summary>
    public virtual ReadOnlySpan<byte> Heartbeat => default;

    protected virtual int MessageOpcode => WebSocketFrame.Text;

    /// <summary>The head of the upgrade.</summary>
    public byte[] UpgradeRequest(Room room, ConnectMode mode) => Encoding.ASCII.GetBytes(
        $"GET {Path(room, mode)} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{Headers(room, mode)}\r\n");

    /// <summary>The upgrade was accepted.</summary>
    public virtual void OnUpgraded(WebSocketConnection socket) => socket.SetReady();

    /// <summary>Takes a message, or of a stream all that has come.</summary>
    /// <returns>How much of it is done with.</returns>
    public virtual int OnData(WebSocketConnection socket, ReadOnlySpan<byte> data)
    {
        socket.TakeDeliveries(data);
        return data.Length;
    }

    /// <summary>The server said goodbye.</summary>
    public virtual void OnGoodbye(WebSocketConnection socket, ReadOnlySpan<byte> payload)
        => socket.Fail($"closed with {(payload.Length >= 2 ? (payload[0] << 8) | payload[1] : 1005)} {Encoding.UTF8.GetString(payload[Math.Min(2, payload.Length)..])}");

    /// <summary>Sends a message over a socket.</summary>
    public void SendOverSocket(WebSocketConnection socket, long number)
    {
        MessageText.Write(_text, number);
        SendFrame(socket, WriteMessage(_payload, socket.Room, number, _text));
    }

    /// <summary>Posts a message.</summary>
    public void Post(HttpConnection connection, Room room, long number)
    {
        MessageText.Write(_text, number);
        connection.Request(_payload.AsSpan(0, WritePost(_payload, room, number, _text)));
    }

    protected abstract string Path(Room room, ConnectMode mode);

    protected virtual string Headers(Room room, ConnectMode mode) => "";

    /// <summary>Writes what a client sends for a message.</summary>
    /// <returns>Its length.</returns>
    protected virtual int WriteMessage(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text) => throw new NotSupportedException();

    /// <summary>Writes a whole request.</summary>
    /// <returns>Its length.</returns>
    protected virtual int WritePost(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text) => throw new NotSupportedException();

    /// <summary>Sends a payload as a frame of the kind that the peer takes.</summary>
    protected void Send(WebSocketConnection socket, ReadOnlySpan<byte> payload)
        => socket.Send(_frame.AsSpan(0, WebSocketFrame.Write(_frame, MessageOpcode, payload)));

    /// <summary>Writes five parts, one behind the other.</summary>
    /// <returns>The length of all.</returns>
    protected static int Join(Span<byte> target, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, ReadOnlySpan<byte> e)
    {
        a.CopyTo(target);
        b.CopyTo(target[a.Length..]);
        c.CopyTo(target[(a.Length + b.Length)..]);
        d.CopyTo(target[(a.Length + b.Length + c.Length)..]);
        e.CopyTo(target[(a.Length + b.Length + c.Length + d.Length)..]);
        return a.Length + b.Length + c.Length + d.Length + e.Length;
    }

    private void SendFrame(WebSocketConnection socket, int payloadLength) => Send(socket, _payload.AsSpan(0, payloadLength));
}
