using System.Threading.Channels;

namespace ReplyX.Client;

/// <summary>
/// The buffer between the socket and the reader. It never makes the socket wait. When it is full it overruns: it
/// drops events until the reader has emptied half of it. The writer then resumes from the last event that was added.
/// </summary>
internal sealed class EventBuffer(int capacity, Action caughtUp)
{
    private readonly Channel<ReplyXEvent> _channel = Channel.CreateBounded<ReplyXEvent>(
        new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = false });

    private volatile bool _overrun;

    /// <summary>Whether events are dropped now.</summary>
    internal bool Overrun => _overrun;

    private bool HasRoom => _channel.Reader.Count <= capacity / 2;

    /// <summary>Adds an event.</summary>
    /// <returns>Whether it was added.</returns>
    internal bool TryWrite(ReplyXEvent added)
    {
        if (_overrun)
        {
            return false;
        }

        if (_channel.Writer.TryWrite(added))
        {
            return true;
        }

        _overrun = true;
        SignalIfCaughtUp(); // The reader may have emptied the buffer before it could see that it overran.
        return false;
    }

    /// <summary>Accepts events again, if the reader has made room.</summary>
    internal void TryEndOverrun()
    {
        if (_overrun && HasRoom)
        {
            _overrun = false;
        }
    }

    internal void Complete() => _channel.Writer.TryComplete();

    internal ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    internal bool TryRead([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out ReplyXEvent next)
    {
        if (!_channel.Reader.TryRead(out next))
        {
            return false;
        }

        SignalIfCaughtUp();
        return true;
    }

    private void SignalIfCaughtUp()
    {
        if (_overrun && HasRoom)
        {
            caughtUp();
        }
    }
}
