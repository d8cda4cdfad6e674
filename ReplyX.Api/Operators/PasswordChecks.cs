using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ReplyX.Api.Limits;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Operators;

/// <summary>
/// Checks passwords, a few at once: a check is made to be slow (about 50 ms of a core), and a flood of sign-ins would else take
/// every core from everybody else. Of one login few are in the line at once, and known devices have a line of their own, so that
/// neither who signs in as one person over and over, rightly even, nor who guesses keeps everybody else out.
/// </summary>
internal sealed class PasswordChecks : IDisposable
{
    // A person signs in once. A fleet that shares a login takes turns.
    private const int PerLogin = 2;

    private readonly PartitionedRateLimiter<string> _logins;
    private readonly ConcurrencyLimiter _line;
    private readonly ConcurrencyLimiter _knownDevices;

    public PasswordChecks(IOptions<RequestLimitOptions> options)
    {
        var limits = options.Value;
        _logins = PartitionedRateLimiter.Create<string, string>(login => RateLimitPartition.GetConcurrencyLimiter(
            login, _ => new ConcurrencyLimiterOptions { PermitLimit = PerLogin, QueueLimit = limits.PasswordCheckQueue }));
        _line = new ConcurrencyLimiter(Line(limits));
        _knownDevices = new ConcurrencyLimiter(Line(limits));
    }

    /// <param name="login">The login, which need not exist.</param>
    /// <param name="device">Whether the login's operator signed in from the device before.</param>
    /// <param name="person">Whose login it is; null for nobody.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether the password is the operator's; null if too many wait for their check.</returns>
    public async Task<bool?> CheckAsync(string login, bool device, Operator? person, string password, CancellationToken cancellationToken)
    {
        // By device or not, too: who guesses must not take the turns of the person.
        using var turn = await _logins.AcquireAsync($"{device} {login.ToLowerInvariant()}", cancellationToken: cancellationToken);
        if (!turn.IsAcquired)
        {
            return null;
        }

        using var lease = await (device ? _knownDevices : _line).AcquireAsync(cancellationToken: cancellationToken);
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

    public void Dispose()
    {
        _logins.Dispose();
        _line.Dispose();
        _knownDevices.Dispose();
    }

    private static ConcurrencyLimiterOptions Line(RequestLimitOptions limits) =>
        new() { PermitLimit = limits.PasswordChecks, QueueLimit = limits.PasswordCheckQueue };
}
