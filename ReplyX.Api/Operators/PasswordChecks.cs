using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ReplyX.Api.Limits;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Operators;

/// <summary>
/// Checks passwords, a few at once: a check is made to be slow (about 50 ms of a core), and a flood of sign-ins would else take
/// every core from everybody else.
/// </summary>
internal sealed class PasswordChecks(IOptions<LimitsOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.PasswordChecks,
        QueueLimit = options.Value.PasswordCheckQueue,
    });

    /// <returns>Whether the password is the operator's; null if too many wait for their check.</returns>
    public async Task<bool?> CheckAsync(Operator? person, string password, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(cancellationToken: cancellationToken);
        if (!lease.IsAcquired)
        {
            return null;
        }

        // On a thread of its own: the pool starts with as many threads as cores, and requests would wait for one behind the checks.
        return await Task.Factory.StartNew(
            () => AccountDirectory.IsPasswordOf(person, password),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    public void Dispose() => _limiter.Dispose();
}
