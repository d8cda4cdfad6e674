using System.Buffers;
using System.Runtime.InteropServices;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

internal sealed partial class Connection
{
    // Small frames leave together, in one write of at most this; a larger frame leaves by itself, uncopied.
    private const int WriteBufferBytes = 16 * 1024;

    // A list that grew beyond this in a burst is not kept for an idle socket.
    private const int KeptCapacity = 64;

    private async Task WriteAsync(Func<Connection, CancellationToken, Task> replay)
    {
        try
        {
            await replay(this, _cut.Token);

            List<OutboundFrame> spare = [];
            while (await _queue.WaitAsync())
            {
                var batch = _queue.Exchange(spare);
                await WriteBatchAsync(batch, live: true, _cut.Token);
                if (batch.Count > 0 && batch[^1].Opcode == Opcode.Close)
                {
                    return;
                }

                batch.Clear();
                spare = batch.Capacity > KeptCapacity ? [] : batch;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone or was cut; what it missed is in the log.
            Cut();
        }
    }

    private async Task WriteBatchAsync(List<OutboundFrame> frames, bool live, CancellationToken cancellationToken)
    {
        frames.RemoveAll(frame => !IsNext(frame));
        byte[]? buffer = null;
        try
        {
            for (var next = 0; next < frames.Count;)
            {
                var first = next;
                var length = 0;
                for (; next < frames.Count && frames[next].Bytes.Length <= WriteBufferBytes - length; next++)
                {
                    buffer ??= ArrayPool<byte>.Shared.Rent(WriteBufferBytes);
                    frames[next].Bytes.CopyTo(buffer.AsMemory(length));
                    length += frames[next].Bytes.Length;
                }

                var chunk = length > 0 ? buffer.AsMemory(0, length) : frames[next++].Bytes;
                await _stream.WriteAsync(chunk, cancellationToken);
                Count(CollectionsMarshal.AsSpan(frames)[first..next], live);
            }
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    // False for what this socket has had already: the replay and the live stream overlap at their seam.
    private bool IsNext(OutboundFrame frame)
    {
        if (frame.Seq == 0)
        {
            return true;
        }

        if (frame.Seq > _written + 1)
        {
            if (IsClosing)
            {
                // The replay stopped short of it; the goodbye behind it is what matters now.
                return false;
            }

            // Must not happen. If it does, the client comes back with its cursor and misses nothing.
            _metrics.Gap("writer");
            throw new IOException($"Event {frame.Seq} was to follow {_written}.");
        }

        if (frame.Seq <= _written)
        {
            return false;
        }

        _written = frame.Seq;
        return true;
    }

    private void Count(ReadOnlySpan<OutboundFrame> frames, bool live)
    {
        var events = 0;
        var now = _time.GetUtcNow();
        foreach (var frame in frames)
        {
            if (frame.AppendedAtUnixMilliseconds == 0)
            {
                continue;
            }

            events++;
            if (live && frame.Seq > 0)
            {
                _metrics.Delivered(Peer.Route.Type, now - DateTimeOffset.FromUnixTimeMilliseconds(frame.AppendedAtUnixMilliseconds));
            }
        }

        if (events > 0)
        {
            _metrics.Sent(Peer.Route.Kind, events);
        }
    }
}
