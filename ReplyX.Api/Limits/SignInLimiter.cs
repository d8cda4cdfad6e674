using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ReplyX.Api.Limits;

/// <summary>Counts sign-ins by address and by login: guesses from one place, and guesses at one person from many.</summary>
internal sealed class SignInLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly PartitionedRateLimiter<string> _logins;

    public SignInLimiter(IOptions<LimitsOptions> options)
    {
        var limits = options.Value;
        _addresses = PartitionedRateLimiter.Create<string, string>(limits.SignInAddress.For);
        _logins = PartitionedRateLimiter.Create<string, string>(limits.SignInLogin.For);
    }

    /// <returns>How long to wait, or null if the attempt may be made.</returns>
    public TimeSpan? Refuse(string address, string login) =>
        Refuse(_addresses, address) ?? Refuse(_logins, login.ToLowerInvariant());

    public void Dispose()
    {
        _addresses.Dispose();
        _logins.Dispose();
    }

    private static TimeSpan? Refuse(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : LimitsExtensions.RetryAfter(lease);
    }
}
