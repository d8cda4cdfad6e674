using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Limits;

/// <summary>
/// Counts guests that are made, by address and site: each leaves a dialog in Redis for a day, which a crawler or a flood must not
/// fill. Guests that come back are not counted, so that a flood from their office's address does not shut them out.
/// </summary>
internal sealed class NewGuestLimiter(IOptions<RequestLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _guests =
        PartitionedRateLimiter.Create<string, string>(options.Value.NewGuests.PartitionFor);

    /// <returns>How long to wait, or null if the guest may be made.</returns>
    public TimeSpan? Refuse(IPAddress address, Site site)
    {
        using var lease = _guests.AttemptAcquire($"{address} {site.Account}/{site.Id}");
        return lease.IsAcquired ? null : LimitsExtensions.RetryAfter(lease);
    }

    public void Dispose() => _guests.Dispose();
}
