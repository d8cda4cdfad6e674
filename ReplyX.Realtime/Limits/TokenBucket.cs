namespace ReplyX.Realtime.Limits;

/// <summary>A bucket that fills steadily and lets pass as long as something is in it. Not thread-safe.</summary>
/// <param name="perSecond">How fast it fills.</param>
/// <param name="burst">How much it holds; it starts full.</param>
internal struct TokenBucket(double perSecond, double burst)
{
    private readonly double _burst = burst;
    private double _level = burst;
    private long? _filledAt;

    /// <summary>Whether it is as full as if it had never been used.</summary>
    public readonly bool IsFull(TimeProvider time) =>
        _filledAt is not { } at || _level + (time.GetElapsedTime(at).TotalSeconds * perSecond) >= _burst;

    public bool TryTake(TimeProvider time)
    {
        var now = time.GetTimestamp();
        if (_filledAt is { } at)
        {
            _level = Math.Min(_burst, _level + (time.GetElapsedTime(at, now).TotalSeconds * perSecond));
        }

        _filledAt = now;
        if (_level < 1)
        {
            return false;
        }

        _level--;
        return true;
    }
}
