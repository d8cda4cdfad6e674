using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Assistant;

/// <summary>
/// Has a few try-outs at the same time: each may hold a request to an endpoint for as long as an answer takes, which no count of requests
/// a minute bounds. Nobody waits for a place.
/// </summary>
internal sealed class TryOuts : IDisposable
{
    // A person needs one.
    private const int PerAccount = 2;

    private readonly PartitionedRateLimiter<string> _ofAccount;
    private readonly PartitionedRateLimiter<string> _ofInstance;
    private readonly PartitionedRateLimiter<string> _places;

    public TryOuts(IOptions<AssistantOptions> options)
    {
        _ofAccount = Places(account => account, PerAccount);
        _ofInstance = Places(_ => "", options.Value.MaxAnswers);

        // The account's first: what it refuses takes no place from the others.
        _places = PartitionedRateLimiter.CreateChained(_ofAccount, _ofInstance);
    }

    /// <summary>Takes a place, if there is one, until what is returned is disposed.</summary>
    public RateLimitLease Enter(string account) => _places.AttemptAcquire(account);

    public void Dispose()
    {
        _places.Dispose();
        _ofAccount.Dispose();
        _ofInstance.Dispose();
    }

    private static PartitionedRateLimiter<string> Places(Func<string, string> keyOf, int most) =>
        PartitionedRateLimiter.Create<string, string>(account => RateLimitPartition.GetConcurrencyLimiter(
            keyOf(account), _ => new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = 0 }));
}
