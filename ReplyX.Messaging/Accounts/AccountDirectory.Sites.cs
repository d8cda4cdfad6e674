using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

public sealed partial class AccountDirectory
{
    /// <summary>How many sites an account may have.</summary>
    public const int MostSites = 200;

    private const int IdBytes = 8;
    private const int AssistantIdBytes = 12;

    /// <summary>Adds a site.</summary>
    /// <param name="account">The account.</param>
    /// <param name="draft">Makes the site from one that has its ids, no origins and the defaults.</param>
    /// <param name="by">Who adds it.</param>
    /// <param name="cancellationToken">Gives up waiting; the site may be there all the same.</param>
    public async Task<AccountResult<Site>> CreateSiteAsync(
        string account, Func<Site, Site> draft, Actor by, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Sites(account);
        var site = draft(new Site(
            account,
            NewId("s", IdBytes),
            Name: "",
            NewId("", AssistantIdBytes),
            Welcome: "",
            Origins: [],
            DirectClient: false,
            TokenVersion: 1,
            SiteLook.Default,
            _time.GetUtcNow()));
        return await _writer.WriteAsync<AccountResult<Site>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                if (await _redis.ExecuteAsync(database => database.HashLengthAsync(table), cancellationToken) >= MostSites)
                {
                    return new(AccountOutcome.LimitReached);
                }

                // Before the site: an assistant that leads nowhere is one that does not exist.
                await SetAssistantAsync(site, cancellationToken);
                return new(site, transaction =>
                {
                    transaction.Require(stillOwner);
                    transaction.AddCondition(Condition.HashLengthLessThan(table, MostSites));
                    _ = transaction.HashSetAsync(table, site.Id, ToJson(site));
                    _audit.AddIn(transaction, account, by, "site.create", AuditTarget.Of(site), []);
                });
            },
            cancellationToken);
    }

    /// <summary>Changes a site.</summary>
    /// <param name="account">The account.</param>
    /// <param name="siteId">The site's id.</param>
    /// <param name="change">Makes the new site from the stored one; it may be called again.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="cancellationToken">Gives up waiting; the site may be changed all the same.</param>
    public Task<AccountResult<Site>> ChangeSiteAsync(
        string account, string siteId, Func<Site, Site> change, Actor by, CancellationToken cancellationToken) =>
        ChangeSiteAsync(account, siteId, change, by, "site.change", takesBack: false, cancellationToken);

    /// <summary>
    /// Makes a site's token invalid: dialogs start with the new version only, and live sockets that came by the old one are
    /// closed within two seconds.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="siteId">The site's id.</param>
    /// <param name="by">Who rotates it.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may be rotated all the same.</param>
    public Task<AccountResult<Site>> RotateSiteTokenAsync(string account, string siteId, Actor by, CancellationToken cancellationToken) =>
        ChangeSiteAsync(
            account,
            siteId,
            site => site with { TokenVersion = site.TokenVersion + 1 },
            by,
            "site.token_rotate",
            takesBack: true,
            cancellationToken);

    /// <summary>Deletes a site. Its token is void, and its visitors' sockets are closed within two seconds; its dialogs stay.</summary>
    /// <param name="account">The account.</param>
    /// <param name="siteId">The site's id.</param>
    /// <param name="by">Who deletes it.</param>
    /// <param name="cancellationToken">Gives up waiting; the site may be gone all the same.</param>
    public async Task<AccountOutcome> DeleteSiteAsync(string account, string siteId, Actor by, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Sites(account);
        var deleted = await _writer.WriteAsync<AccountResult<Site>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                var json = await _writer.ReadAsync(table, siteId, cancellationToken);
                if (json.IsNull)
                {
                    await _writer.FinishAsync(account, cancellationToken);
                    return new(AccountOutcome.NotFound);
                }

                var site = ToSite(json);
                return new(
                    site,
                    transaction =>
                    {
                        transaction.Require(stillOwner);
                        transaction.AddCondition(Condition.HashEqual(table, siteId, json));
                        _ = transaction.HashDeleteAsync(table, siteId);
                        _audit.AddIn(transaction, account, by, "site.delete", AuditTarget.Of(site), []);
                    },
                    TakesBack: true);
            },
            cancellationToken);
        if (deleted.IsDone)
        {
            // After the site: an assistant that leads nowhere is one that does not exist.
            await _redis.ExecuteAsync(
                database => database.HashDeleteAsync(RedisKeys.Assistants, deleted.Value.AssistantId), cancellationToken);
        }

        return deleted.Outcome;
    }

    private Task<AccountResult<Site>> ChangeSiteAsync(
        string account, string siteId, Func<Site, Site> change, Actor by, string action, bool takesBack, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Sites(account);
        return _writer.WriteAsync<AccountResult<Site>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                var json = await _writer.ReadAsync(table, siteId, cancellationToken);
                if (json.IsNull)
                {
                    return new(AccountOutcome.NotFound);
                }

                var site = ToSite(json);
                var changed = change(site);
                return new(
                    changed,
                    transaction =>
                    {
                        transaction.Require(stillOwner);
                        transaction.AddCondition(Condition.HashEqual(table, siteId, json));
                        _ = transaction.HashSetAsync(table, siteId, ToJson(changed));
                        _audit.AddIn(transaction, account, by, action, AuditTarget.Of(changed), [.. Differences(site, changed)]);
                    },
                    takesBack);
            },
            cancellationToken);
    }

    private static IEnumerable<AuditDetail> Differences(Site from, Site to) =>
    [
        .. AuditLog.Changed("name", from.Name, to.Name),
        .. AuditLog.Changed("welcome", from.Welcome, to.Welcome),
        .. AuditLog.Changed("origins", string.Join(' ', from.Origins), string.Join(' ', to.Origins)),
        .. AuditLog.Changed("direct_client", Text(from.DirectClient), Text(to.DirectClient)),
        .. AuditLog.Changed("look", Text(from.Look), Text(to.Look)),
        .. AuditLog.Changed("token_version", Text(from.TokenVersion), Text(to.TokenVersion)),
    ];

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(SiteLook? look) => JsonSerializer.Serialize(look ?? SiteLook.Default, AccountsJson.Default.SiteLook);

    private Task<bool> SetAssistantAsync(Site site, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        database => database.HashSetAsync(RedisKeys.Assistants, site.AssistantId, $"{site.Account} {site.Id}"), cancellationToken);

    private static Site ToSite(RedisValue json) => JsonSerializer.Deserialize((string)json!, AccountsJson.Default.Site)!;

    private static string ToJson(Site site) => JsonSerializer.Serialize(site, AccountsJson.Default.Site);

    private static string NewId(string prefix, int bytes) => prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
