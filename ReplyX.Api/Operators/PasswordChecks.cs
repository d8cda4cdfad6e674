using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ReplyX.Api.Limits;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Operators;

/// <summary>
/// Checks a few passwords at a time. A check is slow on purpose (about 50 ms of a core), so that a flood of sign-ins would otherwise
/// occupy every core. Only a few checks of one login wait at the same time, and known devices have their own queue: neither repeated
/// sign-ins with one login nor guesses keep everybody else out.
/// </summary>
internal sealed class PasswordChecks : IDisposable
{
    // A person needs one. Programs that share a login have to wait for each other.
    private const int PerLogin = 2;

    private readonly PartitionedRateLimiter<string> _loginQueues;
    private readonly ConcurrencyLimiter _queue;
    private readonly ConcurrencyLimiter _knownDeviceQueue;

    public PasswordChecks(IOptions<RequestLimitOptions> options)
    {
        var limits = options.Value;
        _loginQueues = PartitionedRateLimiter.Create<string, string>(login => RateLimitPartition.GetConcurrencyLimiter(
            login, _ => new ConcurrencyLimiterOptions { PermitLimit = PerLogin, QueueLimit = limits.PasswordCheckQueue }));
        _queue = new ConcurrencyLimiter(QueueOptions(limits));
        _knownDeviceQueue = new ConcurrencyLimiter(QueueOptions(limits));
    }

    /// <param name="login">The login, which need not exist.</param>
    /// <param name="device">Whether the login's operator signed in from the device before.</param>
    /// <param name="person">The operator with that login; null if there is none.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the password is the operator's; null if too many checks wait already.</returns>
    public async Task<bool?> CheckAsync(string login, bool device, Operator? person, string password, CancellationToken cancellationToken)
    {
        var (isRun, isRight) = await RunAsync(login, device, () => AccountDirectory.IsPasswordOf(person, password), cancellationToken);
        return isRun ? isRight : null;
    }

    /// <summary>Hashes a new password, which takes as long as a check and waits in the same line.</summary>
    /// <returns>The hash; null if too many wait already.</returns>
    public async Task<string?> HashAsync(string login, string password, CancellationToken cancellationToken) =>
        (await RunAsync(login, device: false, () => AccountDirectory.HashPassword(password), cancellationToken)).Result;

    private async Task<(bool IsRun, T? Result)> RunAsync<T>(
        string login, bool device, Func<T> work, CancellationToken cancellationToken)
    {
        // Known and unknown devices are separate, so that guesses do not delay the operator.
        using var loginLease = await _loginQueues.AcquireAsync($"{device} {login.ToLowerInvariant()}", cancellationToken: cancellationToken);
        if (!loginLease.IsAcquired)
        {
            return (false, default);
        }

        using var lease = await (device ? _knownDeviceQueue : _queue).AcquireAsync(cancellationToken: cancellationToken);
        if (!lease.IsAcquired)
        {
            return (false, default);
        }

        // On its own thread: the thread pool has few threads at first, and other requests would wait for the checks.
        return (true, await Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    public void Dispose()
    {
        _loginQueues.Dispose();
        _queue.Dispose();
        _knownDeviceQueue.Dispose();
    }

    private static ConcurrencyLimiterOptions QueueOptions(RequestLimitOptions limits) =>
        new() { PermitLimit = limits.PasswordChecks, QueueLimit = limits.PasswordCheckQueue };
}
