using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// The hashes that hold a dialog's idempotency keys, one for each period of the clock, so that keys expire bucket by bucket: Redis
/// before 7.4 has no expiry for a field of a hash. A key goes into the bucket of its event's time. The period is the same whatever
/// the lifetime, so that a service finds what one with another lifetime wrote.
/// </summary>
internal sealed class KeyBuckets(TimeSpan lifetime)
{
    // An hour; for a lifetime below that, as in tests, the lifetime.
    private static readonly TimeSpan _longestPeriod = TimeSpan.FromHours(1);

    // The services' clocks may differ by a minute; where a period is short by a part of it.
    private static readonly TimeSpan _mostSkew = TimeSpan.FromMinutes(1);

    private readonly long _lifetime = (long)lifetime.TotalMilliseconds;
    private readonly long _skew = (long)Math.Min(_mostSkew.TotalMilliseconds, lifetime.TotalMilliseconds / 4);

    /// <summary>The length of a period in milliseconds.</summary>
    public long Period { get; } = (long)Math.Min(lifetime.TotalMilliseconds, _longestPeriod.TotalMilliseconds);

    /// <summary>How many seconds a bucket lives after the last write to it, by Redis' clock: a key's life and a period more.</summary>
    public long SecondsKept => (MillisecondsKept + 999) / 1000;

    /// <summary>How many seconds a bucket lives that is only told so once, at the first write to it.</summary>
    public long SecondsKeptFromFirst => (MillisecondsKept + Period + 999) / 1000;

    /// <summary>The number of the bucket of now, in which its name ends.</summary>
    public long GetNumber(DateTimeOffset now) => NumberOf(now.ToUnixTimeMilliseconds());

    private long MillisecondsKept => _lifetime + Period;

    /// <summary>
    /// The bucket that an event of now goes into, and then those that may hold a key that counts: the ones of a lifetime before, near
    /// an edge also one before those and the one after, which a service whose clock is behind or ahead may have written into.
    /// </summary>
    public IEnumerable<RedisKey> GetSearched(StreamKey dialog, DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds();
        var current = NumberOf(time);
        yield return RedisKeys.IdempotencyKeys(dialog, current);
        for (var number = NumberOf(time + _skew); number >= NumberOf(time - _lifetime - _skew); number--)
        {
            if (number != current)
            {
                yield return RedisKeys.IdempotencyKeys(dialog, number);
            }
        }
    }

    /// <summary>All buckets that may still be there, the oldest first.</summary>
    public (long First, IEnumerable<RedisKey> Keys) GetLive(StreamKey dialog, DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds();
        var first = NumberOf(time - MillisecondsKept - (2 * Period) - _skew);
        var count = (int)(NumberOf(time + _skew) - first + 1);
        return (first, Enumerable.Range(0, count).Select(i => RedisKeys.IdempotencyKeys(dialog, first + i)));
    }

    private long NumberOf(long unixMilliseconds) => unixMilliseconds / Period;
}
