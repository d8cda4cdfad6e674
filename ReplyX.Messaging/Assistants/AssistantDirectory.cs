using System.Text.Json;
using ReplyX.Messaging.Redis;

namespace ReplyX.Messaging.Assistants;

/// <summary>
/// The sites' assistants. What a save says counts from the next message on, since the site's inbox comes and goes with it. All methods
/// throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed class AssistantDirectory
{
    private readonly RedisGateway _redis;

    internal AssistantDirectory(RedisGateway redis) => _redis = redis;

    /// <summary>A site's assistant.</summary>
    /// <param name="site">The site.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Its settings; null if nobody has set it up.</returns>
    public async Task<AssistantSettings?> FindAsync(AssistantSite site, CancellationToken cancellationToken)
    {
        string? json = await _redis.ExecuteAsync(
            database => database.HashGetAsync(RedisKeys.AssistantSettings(site.Account), site.SiteId), cancellationToken);
        return json is null ? null : JsonSerializer.Deserialize(json, AssistantsJson.Default.AssistantSettings);
    }

    /// <summary>Sets a site's assistant up, or changes it.</summary>
    /// <param name="site">The site.</param>
    /// <param name="settings">How it answers.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be saved all the same.</param>
    public async Task SaveAsync(AssistantSite site, AssistantSettings settings, CancellationToken cancellationToken)
    {
        // First: a worker that looks where no work is finds none, and work where no worker looks would wait for ever.
        await _redis.ExecuteAsync(database => database.SetAddAsync(RedisKeys.AssistantSites, site.ToString()), cancellationToken);
        await _redis.ExecuteAsync(
            database =>
            {
                var transaction = database.CreateTransaction();
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
}
