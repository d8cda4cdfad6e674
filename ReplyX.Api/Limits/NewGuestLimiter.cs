using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Limits;

/// <summary>
/// Limits new guests by address and site. Each keeps a dialog in Redis for a day, and a crawler or a flood must not fill it. Guests that
/// return are not counted, so that a flood from the same address does not lock them out.
/// </summary>
internal sealed class NewGuestLimiter(IOptions<RequestLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _guests =
        PartitionedRateLimiter.Create<string, string>(options.Value.NewGuests.PartitionFor);

    /// <returns>How long to wait, or null if a guest may be created.</returns>
    public TimeSpan? Acquire(IPAddress address, Site site)
    {
        using var lease = _guests.AttemptAcquire($"{address} {site.Account}/{site.Id}");
        return lease.IsAcquired ? null : LimitsExtensions.RetryAfter(lease);
    }

    public void Dispose() => _guests.Dispose();
}
