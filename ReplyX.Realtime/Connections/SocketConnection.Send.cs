using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.Transport;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

internal sealed partial class SocketConnection
{
    private Backlog? _backlog;

    // The number of the last stored event that was sent or queued: the last guard of the order.
    private long _position;

    /// <summary>Sends what its dialog hands out: with one call of the system, and without a copy, if the connection takes it.</summary>
    /// <param name="batch">Events of its dialog.</param>
    /// <param name="shared">Their memory once a socket had to keep it, for all of them together.</param>
    /// <param name="sent">Counts what was sent.</param>
    public void Deliver(in EventBatch batch, ref ReadOnlyMemory<byte> shared, ref SentEvents sent)
    {
        // What an answer's beginning says is said again by the message: it never costs anybody the socket, nor its place in the queue.
        if (batch.IsDroppable && (_backlog is not null || _replay is not null))
        {
            return;
        }

        if (_replay is { Seam: not null } replay)
        {
            shared = shared.IsEmpty ? batch.Bytes.ToArray() : shared;
            if (replay.HeldBytes + shared.Length > Services.Options.MaxQueuedBytes)
            {
                CloseSlow();
                return;
            }

            replay.Hold(new HeldEvents(shared, batch.FirstSeq, batch.Count));
            return;
        }

        if (_state != SocketState.Live)
        {
            return;
        }

        var from = 0;
        var count = batch.Count;
        if (batch.FirstSeq > 0)
        {
            var next = _position + 1;
            if (next > batch.LastSeq)
            {
                return;
            }

            if (next < batch.FirstSeq)
            {
                CloseAtGap();
                return;
            }

            from = batch.OffsetOf(next);
            count -= (int)(next - batch.FirstSeq);
            _position = batch.LastSeq;
        }

        if (_backlog is null)
        {
            var bytes = batch.Bytes[from..];
            var taken = _transport!.Send(bytes);
            if (taken == bytes.Length)
            {
                sent.Add(Peer.Route.Kind, count);
                return;
            }

            if (taken == ByteTransport.Gone)
            {
                _loop.CutLater(this);
                return;
            }

            from += taken;
            shared = shared.IsEmpty ? batch.Bytes.ToArray() : shared;
            Queue(shared[(from - taken)..], count, count, taken);
            return;
        }

        shared = shared.IsEmpty ? batch.Bytes.ToArray() : shared;
        Queue(shared[from..], count, count);
    }

    /// <summary>Sends a frame of its own.</summary>
    public void Send(OutboundFrame frame)
    {
        if (_state is SocketState.Replaying or SocketState.Live)
        {
            Enqueue(frame);
        }
    }

    /// <summary>Asks the peer for a pong, unless something waits for it, behind which the ping would wait too.</summary>
    /// <returns>Whether it was asked.</returns>
    public bool TryPing(ReadOnlySpan<byte> payload)
    {
        if (_state != SocketState.Live || _backlog is not null)
        {
            return false;
        }

        Enqueue(OutboundFrame.Ping(payload));
        return true;
    }

    public void OnWritable()
    {
        if (_backlog is null)
        {
            return;
        }

        var begun = _backlog.BegunAt;
        if (!_backlog.TrySend(_transport!, _loop.Scratch, Services.Time.GetTimestamp(), out var events))
        {
            Cut();
            return;
        }

        Services.Metrics.Sent(Peer.Route.Kind, events);
        if (_backlog.Bytes > 0)
        {
            return;
        }

        _backlog = null;
        Services.Metrics.Waited(Peer.Route.Kind, Services.Time.GetElapsedTime(begun));
        if (IsClosing)
        {
            EndIfAnswered();
        }
        else
        {
            ContinueReplay();
        }
    }

    private void Enqueue(OutboundFrame frame) => Enqueue(frame.Bytes, frames: 1, events: 0);

    private void Enqueue(ReadOnlyMemory<byte> bytes, int frames, int events)
    {
        var taken = 0;
        if (_backlog is null)
        {
            taken = _transport!.Send(bytes.Span);
            if (taken == bytes.Length)
            {
                Services.Metrics.Sent(Peer.Route.Kind, events);
                return;
            }

            if (taken == ByteTransport.Gone)
            {
                _loop.CutLater(this);
                return;
            }
        }

        Queue(bytes, frames, events, taken);
    }

    // What waits is bounded for each socket, or one slow reader would be paid for by all.
    private void Queue(ReadOnlyMemory<byte> bytes, int frames, int events, int sent = 0)
    {
        _backlog ??= new Backlog(_loop.Budget, Services.Time.GetTimestamp());
        var options = Services.Options;
        if (!IsClosing
            && (_backlog.Frames + frames > options.MaxQueuedFrames || _backlog.Bytes + bytes.Length - sent > options.MaxQueuedBytes))
        {
            // Of what was begun the rest must leave, or the goodbye would stand amid a frame.
            if (sent > 0)
            {
                _backlog.Add(bytes, frames, events, sent);
            }

            CloseSlow();
            return;
        }

        _backlog.Add(bytes, frames, events, sent);
        if (!_loop.Budget.HasRoom)
        {
            _loop.ShedLater();
        }
    }

    // Must not happen. If it does, the client comes back with its cursor and misses nothing.
    private void CloseAtGap()
    {
        Services.Metrics.Gap(GapKind.Writer);
        Close(WebSockets.CloseCode.ServiceRestart, "An event was to be skipped; resume from your cursor.");
    }

    /// <summary>Since when it has taken nothing of what waits for it; null if nothing waits, or it is on its way out.</summary>
    public long? StalledSince => _backlog is { } backlog && !IsClosing ? backlog.MovedAt : null;

    /// <summary>Closes it for reading too slowly; what it missed is in the log.</summary>
    public void CloseSlow()
    {
        Services.Metrics.SlowConsumer(Peer.Route.Kind);
        Close(WebSockets.CloseCode.SlowConsumer, "Read too slowly; resume from your cursor.", drop: true);
    }
}
