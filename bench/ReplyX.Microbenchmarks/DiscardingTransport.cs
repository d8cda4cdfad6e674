using ReplyX.Realtime.Transport;

namespace ReplyX.Microbenchmarks;

/// <summary>A connection that takes everything and throws it away.</summary>
internal sealed class DiscardingTransport : ByteTransport
{
    /// <summary>How many bytes it took.</summary>
    public long Taken { get; private set; }

    public override void Start(ITransportListener listener)
    {
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        Taken += bytes.Length;
        return bytes.Length;
    }

    public override void Resume()
    {
    }

    public override void Close()
    {
    }
}
