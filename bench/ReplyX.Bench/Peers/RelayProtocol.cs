using ReplyX.Bench.Load;

namespace ReplyX.Bench.Peers;

/// <summary>A peer whose path names the room and that sends on every message as it came.</summary>
internal sealed class RelayProtocol(int port) : PeerProtocol(port)
{
    protected override string Path(Room room, ConnectMode mode) => mode == ConnectMode.Bare ? "/" : $"/rooms/{room.Id}";

    protected override int WriteMessage(Span<byte> target, Room room, long number, ReadOnlySpan<byte> text)
    {
        text.CopyTo(target);
        return text.Length;
    }
}
