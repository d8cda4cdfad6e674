namespace ReplyX.Realtime.Delivery;

/// <summary>
/// How long a channel waits for what follows before it hands out, like Nagle's algorithm (RFC 896) but for rooms: to a thousand sockets a
/// send each takes milliseconds, whether of one event or of eight, so that amid a burst a large room is served sooner by fewer hand-outs.
/// A room that is small, or where one event comes at a time, never waits.
/// </summary>
internal struct HandOutPacing
{
    /// <summary>So many events do not wait for more.</summary>
    public const int MaxEvents = 64;

    // Below the first the wait would cost more than it saves; above the second people would notice.
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(2);

    private TimeSpan _took;
    private bool _isBurst;

    /// <summary>How long to wait: at most half of what the last hand-out took.</summary>
    /// <param name="events">How many events there are.</param>
    public readonly TimeSpan WaitFor(int events)
    {
        var wait = _took / 2;
        return !_isBurst || wait < _shortest || events >= MaxEvents ? TimeSpan.Zero
            : wait < _longest ? wait
            : _longest;
    }

    /// <summary>Takes note of a hand-out.</summary>
    /// <param name="events">How many events left.</param>
    /// <param name="took">How long it took to send them to all sockets.</param>
    public void OnHandedOut(int events, TimeSpan took)
    {
        _isBurst = events > 1;
        _took = took;
    }
}
