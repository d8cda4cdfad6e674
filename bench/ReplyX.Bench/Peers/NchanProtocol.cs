using System.Globalization;
using System.Text;
using ReplyX.Bench.Load;

namespace ReplyX.Bench.Peers;

/// <summary>Nchan: the path names the channel, for subscribers as for publishers.</summary>
internal sealed class NchanProtocol(int port) : PeerProtocol(port)
{
    private readonly byte[] _opening = "POST /publish/"u8.ToArray();
    private readonly byte[] _head = Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: text/plain\r\nContent-Length: {MessageText.Length}\r\n\r\n"));

    public override int? PostPort => port;

    protected override string Path(Room room, ConnectMode mode) => $"/rooms/{room.Id}";

    protected override int WritePost(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text)
        => Join(target, _opening, room.Utf8Id, _head, text, []);
}
