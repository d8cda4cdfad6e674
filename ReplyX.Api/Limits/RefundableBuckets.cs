namespace ReplyX.Api.Limits;

/// <summary>
/// Token buckets by key, as <see cref="TokenBucketOptions"/> says, into which a token can be put back: what is taken before it is known
/// whether it counts cannot be overdrawn by those who come at once. The framework's own take back nothing.
/// </summary>
internal sealed class RefundableBuckets
{
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _capacity;

    // When a bucket will be full again (GCRA's theoretical arrival time). Who is not in here has a full one, and whoever makes
    // up keys leaves no more behind than they may take in the time that a bucket needs to fill.
    private readonly Dictionary<string, TimeSpan> _fullAt = new(StringComparer.Ordinal);
    private TimeSpan _sweepAt = _sweepInterval;

    public RefundableBuckets(TokenBucketOptions bucket, TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _interval = TimeSpan.FromMinutes(1) / bucket.PerMinute;
        _capacity = _interval * bucket.Burst;
    }

    /// <returns>How long to wait, or null if a token was taken.</returns>
    public TimeSpan? Take(string key)
    {
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_start);
            Sweep(now);
            var fullAt = (_fullAt.TryGetValue(key, out var known) && known > now ? known : now) + _interval;
            if (fullAt - now > _capacity)
            {
                return fullAt - now - _capacity;
            }

            _fullAt[key] = fullAt;
            return null;
        }
    }

    public void PutBack(string key)
    {
        lock (_lock)
        {
            if (_fullAt.TryGetValue(key, out var fullAt))
            {
                _fullAt[key] = fullAt - _interval;
            }
        }
    }

    private void Sweep(TimeSpan now)
    {
        if (now < _sweepAt)
        {
            return;
        }

        _sweepAt = now + _sweepInterval;
        foreach (var (key, fullAt) in _fullAt)
        {
            if (fullAt <= now)
            {
                _fullAt.Remove(key);
            }
        }
    }
}
