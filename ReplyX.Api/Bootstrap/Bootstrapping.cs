using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Bootstrap;

/// <summary>
/// Makes the first account and its owner, once, before the service takes requests. Any number of instances may start at once. Where Redis
/// does not answer in time the service starts without, and this goes on trying.
/// </summary>
internal sealed partial class Bootstrapping(
    AccountDirectory accounts, IOptions<BootstrapOptions> options, TimeProvider time, ILogger<Bootstrapping> logger) : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        try
        {
            await ExecuteTask!.WaitAsync(options.Value.Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.NotYet(logger, options.Value.Patience.TotalSeconds);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wanted = options.Value;
        while (!await TryAsync(wanted, stoppingToken))
        {
            await Task.Delay(_pause, time, stoppingToken);
        }
    }

    private async Task<bool> TryAsync(BootstrapOptions wanted, CancellationToken cancellationToken)
    {
        try
        {
            switch (await accounts.CreateFirstAsync(
                wanted.AccountName.Trim(), wanted.OwnerLogin.Trim(), wanted.OwnerPassword, cancellationToken))
            {
                case FirstAccount.Made:
                    Log.Made(logger, wanted.AccountName, wanted.OwnerLogin);
                    break;
                case FirstAccount.KnownOtherwise:
                    Log.KnownOtherwise(logger);
                    break;
                case FirstAccount.LoginTaken:
                    Log.LoginTaken(logger, wanted.OwnerLogin);
                    break;
            }

            return true;
        }
        catch (MessagingUnavailableException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The first account is made: {Account}, owned by {Login}")]
        public static partial void Made(ILogger logger, string account, string login);

        [LoggerMessage(2, LogLevel.Information, "The first account was made before and its owner has another login or password by now: Bootstrap:* changes nothing")]
        public static partial void KnownOtherwise(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "The first account is not made: somebody else has the login {Login}")]
        public static partial void LoginTaken(ILogger logger, string login);

        [LoggerMessage(4, LogLevel.Warning, "No first account yet: Redis did not answer for {Seconds} s. It is made as soon as it does.")]
        public static partial void NotYet(ILogger logger, double seconds);
    }
}
