using System.Text.Json;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Assistants;

/// <summary>
/// The sites' assistants. What a save says counts from the next message on, since the site's inbox comes and goes with it. All methods
/// throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed class AssistantDirectory
{
    private readonly AccountWriter _writer;
    private readonly AuditLog _audit;
    private readonly RedisGateway _redis;

    internal AssistantDirectory(AccountWriter writer, AuditLog audit)
    {
        _writer = writer;
        _audit = audit;
        _redis = writer.Redis;
    }

    /// <summary>A site's assistant.</summary>
    /// <param name="site">The site.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Its settings; null if nobody has set it up.</returns>
    public async Task<AssistantSettings?> FindAsync(AssistantSite site, CancellationToken cancellationToken)
    {
        var json = await _writer.ReadAsync(RedisKeys.AssistantSettings(site.Account), site.SiteId, cancellationToken);
        return json.IsNull ? null : ToSettings(json);
    }

    /// <summary>Which of an account's sites have an assistant that answers.</summary>
    /// <param name="account">The account.</param>
    /// <param name="siteIds">The sites.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlySet<string>> FindEnabledAsync(
        string account, IReadOnlyList<string> siteIds, CancellationToken cancellationToken)
    {
        // The inbox is there if and only if the assistant is enabled. The settings may be megabytes.
        var enabled = await _redis.ExecuteAsync(
            database => Task.WhenAll(siteIds.Select(id => database.KeyExistsAsync(RedisKeys.AssistantInbox(new AssistantSite(account, id))))),
            cancellationToken);
        return siteIds.Where((_, i) => enabled[i]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Changes a site's assistant as an owner, with its entry in the audit log.</summary>
    /// <param name="site">The site.</param>
    /// <param name="change">Makes the new settings of those that are stored; null to refuse. It may be called again.</param>
    /// <param name="describe">What the audit log tells of the change, from the settings before and after.</param>
    /// <param name="target">The site, as the audit log names it.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be changed all the same.</param>
    /// <returns>The new settings; not found if the site is gone or <paramref name="change"/> refused.</returns>
    public Task<AccountResult<AssistantSettings>> ChangeAsync(
        AssistantSite site,
        Func<AssistantSettings, AssistantSettings?> change,
        Func<AssistantSettings, AssistantSettings, IEnumerable<AuditDetail>> describe,
        AuditTarget target,
        Actor by,
        CancellationToken cancellationToken)
    {
        var (table, sites) = (RedisKeys.AssistantSettings(site.Account), RedisKeys.Sites(site.Account));
        return _writer.WriteAsync<AccountResult<AssistantSettings>>(
            site.Account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(site.Account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                if ((await _writer.ReadAsync(sites, site.SiteId, cancellationToken)).IsNull)
                {
                    return new(AccountOutcome.NotFound);
                }

                var json = await _writer.ReadAsync(table, site.SiteId, cancellationToken);
                var now = json.IsNull ? AssistantSettings.None : ToSettings(json);
                if (change(now) is not { } next)
                {
                    return new(AccountOutcome.NotFound);
                }

                await AddSiteAsync(site, cancellationToken);
                return new(next, transaction =>
                {
                    transaction.Require(stillOwner);
                    transaction.AddCondition(Condition.HashExists(sites, site.SiteId));
                    transaction.AddCondition(json.IsNull
                        ? Condition.HashNotExists(table, site.SiteId)
                        : Condition.HashEqual(table, site.SiteId, json));
                    SaveIn(transaction, site, next);
                    _audit.AddIn(transaction, site.Account, by, "assistant.change", target, [.. describe(now, next)]);
                });
            },
            cancellationToken);
    }

    /// <summary>Sets a site's assistant up, whatever it was, without an entry in the audit log; for what seeds a site.</summary>
    /// <param name="site">The site.</param>
    /// <param name="settings">How it answers.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be saved all the same.</param>
    public async Task SaveAsync(AssistantSite site, AssistantSettings settings, CancellationToken cancellationToken)
    {
        await AddSiteAsync(site, cancellationToken);
        await _redis.ExecuteAsync(
            database =>
            {
                var transaction = database.CreateTransaction();
                SaveIn(transaction, site, settings);
                return transaction.ExecuteAsync();
            },
            cancellationToken);
    }

    /// <summary>Takes a site's assistant away, with all that waits for it; as the last step before the site goes.</summary>
    /// <param name="site">The site.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task RemoveAsync(AssistantSite site, CancellationToken cancellationToken)
    {
        await _redis.ExecuteAsync(
            database =>
            {
                var transaction = database.CreateTransaction();
                _ = transaction.HashDeleteAsync(RedisKeys.AssistantSettings(site.Account), site.SiteId);
                _ = transaction.KeyDeleteAsync(
                    [RedisKeys.AssistantInbox(site), RedisKeys.AssistantWork(site), RedisKeys.AssistantJobs(site)]);
                return transaction.ExecuteAsync();
            },
            cancellationToken);
        await _redis.ExecuteAsync(database => database.SetRemoveAsync(RedisKeys.AssistantSites, site.ToString()), cancellationToken);
    }

    /// <summary>Every site whose assistant was ever set up.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    internal async Task<IReadOnlyList<AssistantSite>> ListSitesAsync(CancellationToken cancellationToken)
    {
        var members = await _redis.ExecuteAsync(database => database.SetMembersAsync(RedisKeys.AssistantSites), cancellationToken);
        return [.. members.Select(member => AssistantSite.Parse(member)).OfType<AssistantSite>()];
    }

    // Before the settings: a worker that looks where no work is finds none, and work where no worker looks would wait for ever.
    private Task<bool> AddSiteAsync(AssistantSite site, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        database => database.SetAddAsync(RedisKeys.AssistantSites, site.ToString()), cancellationToken);

    private static void SaveIn(ITransaction transaction, AssistantSite site, AssistantSettings settings)
    {
        _ = transaction.HashSetAsync(
            RedisKeys.AssistantSettings(site.Account),
            site.SiteId,
            JsonSerializer.Serialize(settings, AssistantsJson.Default.AssistantSettings));
        if (settings.Enabled)
        {
            _ = transaction.ListRightPushAsync(RedisKeys.AssistantInbox(site), AssistantWork.NoWork);
        }
        else
        {
            _ = transaction.KeyDeleteAsync(RedisKeys.AssistantInbox(site));
        }
    }

    private static AssistantSettings ToSettings(RedisValue json) =>
        JsonSerializer.Deserialize((string)json!, AssistantsJson.Default.AssistantSettings)!;
}
