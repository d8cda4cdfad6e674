using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Transport;

/// <summary>A connection whose descriptor the loop owns.</summary>
/// <param name="loop">The loop, which waits on an <see cref="EpollPoller"/>.</param>
/// <param name="descriptor">A connected descriptor that does not block; closed with this.</param>
/// <param name="gate">Where it has a place, given back when it is closed; null if it has none.</param>
/// <param name="counted">The address that its place counts for.</param>
[SupportedOSPlatform("linux")]
internal sealed class DescriptorTransport(EventLoop loop, int descriptor, ConnectionGate? gate = null, IPAddress? counted = null)
    : ByteTransport, IPollTarget
{
    // So many reads in a row, then others have their turn.
    private const int ReadsPerTurn = 4;
    private const int Closed = -1;

    private readonly EpollPoller _poller = (EpollPoller)loop.Poller;
    private ITransportListener? _listener;
    private int _descriptor = descriptor;
    private int _place;
    private bool _isPaused;
    private bool _hasEnded;
    private bool _isWaitingForRoom;

    public override void Start(ITransportListener listener)
    {
        _place = _poller.Add(_descriptor, this);
        _listener = listener;
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        if (_descriptor == Closed)
        {
            return Gone;
        }

        var sent = Epoll.Send(_descriptor, bytes);
        if (sent < 0)
        {
            if (Marshal.GetLastPInvokeError() is not (Epoll.TryAgain or Epoll.Interrupted))
            {
                return Gone;
            }

            sent = 0;
        }

        _isWaitingForRoom |= sent < bytes.Length;
        return sent;
    }

    public override void Resume()
    {
        if (_isPaused)
        {
            _isPaused = false;
            loop.TakeTurn(this);
        }
    }

    public override void Close()
    {
        if (_descriptor == Closed)
        {
            return;
        }

        if (_listener is not null)
        {
            _poller.Remove(_descriptor, _place);
        }

        _ = Epoll.Close(_descriptor);
        _descriptor = Closed;
        gate?.Release(counted);
    }

    public void OnReady(uint events)
    {
        // Kept while reading pauses: it is told once.
        _hasEnded |= (events & (Epoll.PeerHangUp | Epoll.HangUp | Epoll.Error)) != 0;
        if (_isWaitingForRoom && (events & (Epoll.Out | Epoll.HangUp | Epoll.Error)) != 0)
        {
            _isWaitingForRoom = false;
            _listener!.OnWritable();
        }

        if (!_isPaused && events != Epoll.Out)
        {
            Read();
        }
    }

    private void Read()
    {
        for (var reads = 0; _descriptor != Closed; reads++)
        {
            if (reads == ReadsPerTurn)
            {
                loop.TakeTurn(this);
                return;
            }

            var buffer = _listener!.ReceiveBuffer;
            var count = Epoll.Receive(_descriptor, buffer);
            if (count < 0 && Marshal.GetLastPInvokeError() is var error and (Epoll.TryAgain or Epoll.Interrupted))
            {
                if (error == Epoll.Interrupted)
                {
                    continue;
                }

                return;
            }

            if (count <= 0)
            {
                _listener.OnEnded();
                return;
            }

            if (!_listener.OnReceived(count))
            {
                _isPaused = true;
                return;
            }

            // A read that left room has emptied the socket; what comes after it is told anew. An end was told already.
            if (count < buffer.Length && !_hasEnded)
            {
                return;
            }
        }
    }
}
