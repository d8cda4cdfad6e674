namespace ReplyX.ServiceDefaults.Edge;

/// <summary>
/// A token bucket: it starts full, a request takes one token, and tokens come back at a steady rate until it is full again.
/// Not thread-safe.
/// </summary>
/// <param name="perSecond">How many tokens come back a second.</param>
/// <param name="burst">How many tokens it holds.</param>
public struct TokenBucket(double perSecond, int burst)
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / perSecond);
    private readonly TimeSpan _capacity = TimeSpan.FromSeconds(1 / perSecond) * burst;

    // How long the bucket needed to be full again when the last token was taken, and when that was. A time and not a number of tokens,
    // so that nothing is rounded: who waits as long as they are told gets their token.
    private TimeSpan _untilFull;
    private long _takenAt;

    /// <summary>Whether it is full, so that it may be dropped and created anew.</summary>
    public readonly bool IsFull(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return UntilFull(time, time.GetTimestamp()) <= TimeSpan.Zero;
    }

    /// <summary>Takes a token if there is one.</summary>
    public bool TryTake(TimeProvider time) => TryTake(time, out _);

    /// <summary>Takes a token if there is one.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="wait">When there is none: how long until there is one.</param>
    /// <returns>Whether a token was taken.</returns>
    public bool TryTake(TimeProvider time, out TimeSpan wait)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetTimestamp();
        var left = UntilFull(time, now);
        var untilFull = (left > TimeSpan.Zero ? left : TimeSpan.Zero) + _interval;
        if (untilFull > _capacity)
        {
            wait = untilFull - _capacity;
            return false;
        }

        wait = TimeSpan.Zero;
        _untilFull = untilFull;
        _takenAt = now;
        return true;
    }

    /// <summary>Gives a token back that was taken.</summary>
    public void Refund() => _untilFull -= _interval;

    private readonly TimeSpan UntilFull(TimeProvider time, long now) => _untilFull - time.GetElapsedTime(_takenAt, now);
}
