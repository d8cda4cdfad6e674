using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Limits;

/// <summary>
/// Token buckets by key whose tokens can be given back. An attempt takes its tokens before it is known whether it counts, so that
/// attempts at the same moment cannot take more than there are. The framework's own limiters give nothing back.
/// </summary>
internal sealed class RefundableBuckets(TokenBucketOptions options, TimeProvider time)
{
    private const double SecondsPerMinute = 60;
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    // A key that is not in here has a full bucket. Whoever makes up keys leaves no more of them behind than they may take tokens in
    // the time that a bucket needs to fill.
    private readonly Dictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);
    private long _sweptAt = time.GetTimestamp();

    /// <returns>How long to wait, or null if a token was taken.</returns>
    public TimeSpan? Take(string key)
    {
        lock (_lock)
        {
            Sweep();
            ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, key, out var exists);
            if (!exists)
            {
                bucket = new TokenBucket(options.PerMinute / SecondsPerMinute, options.Burst);
            }

            return bucket.TryTake(time, out var wait) ? null : wait;
        }
    }

    public void Refund(string key)
    {
        lock (_lock)
        {
            ref var bucket = ref CollectionsMarshal.GetValueRefOrNullRef(_buckets, key);
            if (!Unsafe.IsNullRef(ref bucket))
            {
                bucket.Refund();
            }
        }
    }

    private void Sweep()
    {
        if (time.GetElapsedTime(_sweptAt) < _sweepInterval)
        {
            return;
        }

        _sweptAt = time.GetTimestamp();
        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull(time))
            {
                _buckets.Remove(key);
            }
        }
    }
}
