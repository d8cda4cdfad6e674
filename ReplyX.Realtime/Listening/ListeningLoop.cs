using ReplyX.Realtime.Transport;

namespace ReplyX.Realtime.Listening;

/// <summary>Accepts connections, and has them until it is known what they want.</summary>
internal sealed class ListeningLoop(TimeProvider time, ILogger logger) : EventLoop("listening", time, logger)
{
    private readonly byte[] _head = new byte[UpgradeHead.MaxBytes];

    /// <summary>Where the beginnings of requests are looked at, one after the other.</summary>
    public Span<byte> Head => _head;
}
