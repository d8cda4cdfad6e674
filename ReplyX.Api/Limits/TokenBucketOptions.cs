using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;

namespace ReplyX.Api.Limits;

/// <summary>A token bucket: how many requests may come at once, and how many a minute after that.</summary>
internal sealed class TokenBucketOptions
{
    [Range(1, 10_000_000)]
    public int Burst { get; set; }

    [Range(1, 100_000_000)]
    public int PerMinute { get; set; }

    public RateLimitPartition<string> PartitionFor(string key) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = Burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / PerMinute,
        QueueLimit = 0,
    });
}
