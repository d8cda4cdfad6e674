using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// The hashes that hold a dialog's idempotency keys, one for each period of the clock, so that keys expire bucket by bucket: Redis
/// before 7.4 has no expiry for a field of a hash. A key goes into the bucket of its event's time.
/// </summary>
internal sealed class KeyBuckets(TimeSpan lifetime)
{
    // Each write to a bucket gives it this many periods more, by Redis' clock.
    private const int PeriodsKept = 2;

    // The services' clocks may differ by a minute; where a period is short, as in tests, by a part of it.
    private static readonly TimeSpan _mostSkew = TimeSpan.FromMinutes(1);

    private readonly long _skew = Math.Min((long)_mostSkew.TotalMilliseconds, (long)lifetime.TotalMilliseconds / 4);

    /// <summary>The length of a period, and how long a key counts at least, in milliseconds.</summary>
    public long Period { get; } = (long)lifetime.TotalMilliseconds;

    /// <summary>How long a bucket lives after the last write to it.</summary>
    public long SecondsKept { get; } = (long)Math.Ceiling(lifetime.TotalSeconds * PeriodsKept);

    /// <summary>
    /// The bucket that an event of now goes into, and then those that may hold a key of a period's age: the one before, near an edge
    /// also the one before that and the one after, which a service whose clock is behind or ahead may have written into.
    /// </summary>
    public IEnumerable<RedisKey> ToSearch(StreamKey dialog, DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds();
        var current = NumberOf(time);
        yield return RedisKeys.IdempotencyKeys(dialog, current);
        for (var number = NumberOf(time + _skew); number >= NumberOf(time - Period - _skew); number--)
        {
            if (number != current)
            {
                yield return RedisKeys.IdempotencyKeys(dialog, number);
            }
        }
    }

    /// <summary>All buckets that may still be there, the oldest first.</summary>
    public (long First, IEnumerable<RedisKey> Keys) Living(StreamKey dialog, DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds();
        var first = NumberOf(time - ((PeriodsKept + 1) * Period) - _skew);
        var count = (int)(NumberOf(time + _skew) - first + 1);
        return (first, Enumerable.Range(0, count).Select(i => RedisKeys.IdempotencyKeys(dialog, first + i)));
    }

    private long NumberOf(long unixMilliseconds) => unixMilliseconds / Period;
}
