using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ReplyX.Bench.Load;

namespace ReplyX.Bench.Peers;

/// <summary>The NATS client protocol: lines, some with a payload behind them, cut into frames anywhere.</summary>
internal sealed class NatsProtocol(int port) : PeerProtocol(port)
{
    private static readonly byte[] _length = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {MessageText.Length}\r\n"));

    public override bool IsStream => true;

    protected override int MessageOpcode => WebSocketFrame.Binary;

    public override void OnUpgraded(WebSocketConnection socket)
    {
        var subscribe = socket.Mode == ConnectMode.Bare ? "" : $"SUB {socket.Room.Id} 1\r\n";
        Send(socket, Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"pedantic\":false}}\r\n{subscribe}PING\r\n"));
    }

    public override int OnData(WebSocketConnection socket, ReadOnlySpan<byte> data)
    {
        var consumed = 0;
        while (data[consumed..].IndexOf("\r\n"u8) is >= 0 and var end)
        {
            var line = data.Slice(consumed, end);
            var length = end + 2;
            if (line.StartsWith("MSG "u8))
            {
                var size = line[(line.LastIndexOf((byte)' ') + 1)..];
                length += (Utf8Parser.TryParse(size, out int payload, out _) ? payload : throw new BenchException("MSG without a size")) + 2;
                if (data.Length - consumed < length)
                {
                    break;
                }

                socket.TakeDeliveries(data.Slice(consumed + end + 2, payload));
            }
            else
            {
                OnLine(socket, line);
            }

            consumed += length;
        }

        return consumed;
    }

    protected override string Path(Room room, ConnectMode mode) => "/";

    protected override int WriteMessage(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text)
        => Join(target, "PUB "u8, room.Utf8Id, _length, text, "\r\n"u8);

    private void OnLine(WebSocketConnection socket, ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("PONG"u8))
        {
            socket.SetReady();
        }
        else if (line.StartsWith("PING"u8))
        {
            Send(socket, "PONG\r\n"u8);
        }
        else if (line.StartsWith("-ERR"u8))
        {
            socket.Fail(Encoding.UTF8.GetString(line));
        }
    }
}
