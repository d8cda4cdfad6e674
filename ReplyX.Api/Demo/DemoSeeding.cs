using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Data;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Demo;

/// <summary>
/// Creates the demo account, if it is missing, before the service takes requests. Existing data is kept, except for the operators'
/// password and role, which are set at every start.
/// </summary>
internal sealed partial class DemoSeeding(
    AccountDirectory accounts, AssistantDirectory assistants, DataJobs jobs, IOptions<DemoOptions> options, TimeProvider time, ILogger<DemoSeeding> logger)
    : IHostedService
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + options.Value.Patience;
        while (true)
        {
            try
            {
                await SeedAsync(cancellationToken);
                return;
            }
            catch (MessagingUnavailableException) when (time.GetUtcNow() < end)
            {
                await Task.Delay(_pause, time, cancellationToken);
            }
            catch (MessagingUnavailableException)
            {
                Log.NotSeeded(logger, options.Value.Patience.TotalSeconds);
                return;
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (!await jobs.TryReopenAsync(DemoAccount.Id, cancellationToken))
        {
            Log.Erasing(logger);
            return;
        }

        var account = await accounts.GetAccountAsync(DemoAccount.Id, cancellationToken);
        if (account.CreatedAt is null)
        {
            await accounts.SaveAccountAsync(new Account(DemoAccount.Id, DemoAccount.Name, time.GetUtcNow()), cancellationToken);
        }

        foreach (var site in (Site[])[DemoAccount.Site, DemoShop.Site])
        {
            // An existing site is saved too: saving writes two keys, and an earlier start may have ended between them.
            var known = await accounts.FindSiteAsync(site.Account, site.Id, cancellationToken);
            await accounts.SaveSiteAsync(known ?? site, cancellationToken);
        }

        var shop = new AssistantSite(DemoAccount.Id, DemoShop.Site.Id);
        if (await assistants.FindAsync(shop, cancellationToken) is null)
        {
            await assistants.SaveAsync(shop, DemoShop.Assistant, cancellationToken);
        }

        foreach (var person in DemoAccount.Operators)
        {
            var known = await accounts.FindOperatorAsync(DemoAccount.Id, person.Id, cancellationToken);
            await accounts.SaveOperatorAsync((known ?? person) with { Role = person.Role }, options.Value.OperatorPassword, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No demo account: Redis did not answer for {Seconds} s. Restart the service when it does.")]
        public static partial void NotSeeded(ILogger logger, double seconds);

        [LoggerMessage(2, LogLevel.Warning, "No demo account: it is being erased. Restart the service when that is done.")]
        public static partial void Erasing(ILogger logger);
    }
}
