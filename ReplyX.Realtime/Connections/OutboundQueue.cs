using System.Threading.Tasks.Sources;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Connections;

/// <summary>
/// What waits for one socket, bounded by frames and bytes. Whoever adds never waits; the socket's one writer takes all that is
/// there at once. An empty queue costs a few words.
/// </summary>
internal sealed class OutboundQueue(int maxFrames, int maxBytes) : IValueTaskSource<bool>
{
    private readonly Lock _gate = new();

    // The writer goes on on the thread pool, never on the thread that adds: that one has other sockets to serve.
    private ManualResetValueTaskSourceCore<bool> _signal = new() { RunContinuationsAsynchronously = true };
    private List<OutboundFrame> _frames = [];
    private long _bytes;
    private bool _waiting;
    private bool _last;
    private bool _abandoned;

    /// <summary>Adds a frame.</summary>
    public EnqueueResult TryAdd(OutboundFrame frame)
    {
        lock (_gate)
        {
            if (_last)
            {
                return EnqueueResult.Closed;
            }

            if (_frames.Count >= maxFrames || _bytes + frame.Bytes.Length > maxBytes)
            {
                return EnqueueResult.Overflow;
            }

            _frames.Add(frame);
            _bytes += frame.Bytes.Length;
            Wake();
            return EnqueueResult.Added;
        }
    }

    /// <summary>Puts the last frame, after which nothing is taken.</summary>
    /// <param name="frame">The frame, a close.</param>
    /// <param name="drop">Whether what waits is dropped, so that the last frame leaves at once.</param>
    /// <returns>Whether it is the last; false if there was one already.</returns>
    public bool Finish(OutboundFrame frame, bool drop)
    {
        lock (_gate)
        {
            if (_last)
            {
                return false;
            }

            if (drop)
            {
                _frames.Clear();
            }

            _last = true;
            _frames.Add(frame);
            Wake();
            return true;
        }
    }

    /// <summary>Waits until something is there. Only the one writer may call it.</summary>
    /// <returns>False if nothing will be, since the connection was cut.</returns>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (_abandoned)
            {
                return ValueTask.FromResult(false);
            }

            if (_frames.Count > 0)
            {
                return ValueTask.FromResult(true);
            }

            _signal.Reset();
            _waiting = true;
            return new ValueTask<bool>(this, _signal.Version);
        }
    }

    /// <summary>Lets go of what waits: there is nobody to send it to.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _abandoned = true;
            _last = true;
            _frames.Clear();
            Wake();
        }
    }

    /// <summary>Takes all that waits, and gives the queue an empty list for it.</summary>
    public List<OutboundFrame> Exchange(List<OutboundFrame> empty)
    {
        lock (_gate)
        {
            var taken = _frames;
            _frames = empty;
            _bytes = 0;
            return taken;
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private void Wake()
    {
        if (_waiting)
        {
            _waiting = false;
            _signal.SetResult(!_abandoned);
        }
    }
}
