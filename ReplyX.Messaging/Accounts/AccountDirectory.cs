using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Identity;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Accounts' sites and operators. All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed class AccountDirectory
{
    private static readonly PasswordHasher<Operator> _passwords = new();

    // Compared against when nobody has the login, so that the time of an answer does not tell which logins exist.
    private static readonly string _nobodysHash = _passwords.HashPassword(null!, Guid.NewGuid().ToString());

    private readonly RedisGateway _redis;
    private readonly CredentialChanges _changes;

    internal AccountDirectory(RedisGateway redis, CredentialChanges changes)
    {
        _redis = redis;
        _changes = changes;
    }

    /// <summary>Finds a site.</summary>
    /// <param name="account">The account.</param>
    /// <param name="siteId">The site's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Site?> FindSiteAsync(string account, string siteId, CancellationToken cancellationToken) =>
        GetAsync(RedisKeys.Sites(account), siteId, AccountsJson.Default.Site, cancellationToken);

    /// <summary>Finds the site that an assistant answers on.</summary>
    /// <param name="assistantId">The assistant's public id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Site?> FindSiteOfAssistantAsync(string assistantId, CancellationToken cancellationToken) =>
        await FindByNameAsync(RedisKeys.Assistants, assistantId, cancellationToken) is (var account, var siteId)
            ? await FindSiteAsync(account, siteId, cancellationToken)
            : null;

    /// <summary>An account's sites.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<Site>> ListSitesAsync(string account, CancellationToken cancellationToken)
    {
        var values = await _redis.ExecuteAsync(database => database.HashValuesAsync(RedisKeys.Sites(account)), cancellationToken);
        return [.. values.Select(value => JsonSerializer.Deserialize((string)value!, AccountsJson.Default.Site)!)];
    }

    /// <summary>Finds an operator.</summary>
    /// <param name="account">The account.</param>
    /// <param name="operatorId">The operator's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Operator?> FindOperatorAsync(string account, string operatorId, CancellationToken cancellationToken) =>
        GetAsync(RedisKeys.Operators(account), operatorId, AccountsJson.Default.Operator, cancellationToken);

    /// <summary>An account's operators.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<Operator>> ListOperatorsAsync(string account, CancellationToken cancellationToken)
    {
        var values = await _redis.ExecuteAsync(database => database.HashValuesAsync(RedisKeys.Operators(account)), cancellationToken);
        return [.. values.Select(value => JsonSerializer.Deserialize((string)value!, AccountsJson.Default.Operator)!)];
    }

    /// <summary>Finds an operator by login. Redis is asked as often for one whom nobody has, so that the time does not tell.</summary>
    /// <param name="login">The login, in any case.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Operator?> FindOperatorByLoginAsync(string login, CancellationToken cancellationToken)
    {
        var (account, id) = await FindByNameAsync(RedisKeys.Logins, login.ToLowerInvariant(), cancellationToken) ?? ("-", "-");
        return await FindOperatorAsync(account, id, cancellationToken);
    }

    /// <summary>
    /// Whether a password is an operator's. It takes a core some 50 ms, and as long for nobody's, so that the time does not tell
    /// whether there is such an operator.
    /// </summary>
    /// <param name="person">The operator; null for nobody.</param>
    /// <param name="password">The password.</param>
    public static bool IsPasswordOf(Operator? person, string password) =>
        _passwords.VerifyHashedPassword(person!, person?.PasswordHash ?? _nobodysHash, password) != PasswordVerificationResult.Failed
        && person is not null;

    /// <summary>Adds a site or replaces it.</summary>
    /// <param name="site">The site.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task SaveSiteAsync(Site site, CancellationToken cancellationToken)
    {
        await SetAsync(RedisKeys.Sites(site.Account), site.Id, site, AccountsJson.Default.Site, cancellationToken);
        await _redis.ExecuteAsync(
            database => database.HashSetAsync(RedisKeys.Assistants, site.AssistantId, $"{site.Account} {site.Id}"), cancellationToken);
    }

    /// <summary>Adds an operator or replaces them.</summary>
    /// <param name="person">The operator; the password's hash is set from <paramref name="password"/>.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task SaveOperatorAsync(Operator person, string password, CancellationToken cancellationToken)
    {
        var hashed = person with
        {
            Login = person.Login.ToLowerInvariant(),
            PasswordHash = _passwords.HashPassword(person, password),
        };
        await SetAsync(RedisKeys.Operators(hashed.Account), hashed.Id, hashed, AccountsJson.Default.Operator, cancellationToken);
        await _redis.ExecuteAsync(
            database => database.HashSetAsync(RedisKeys.Logins, hashed.Login, $"{hashed.Account} {hashed.Id}"), cancellationToken);
    }

    /// <summary>
    /// Makes a site's token invalid: dialogs start with the new version only, and live sockets that came by the old one are
    /// closed within two seconds.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="siteId">The site's id.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may be rotated all the same.</param>
    /// <returns>The site with its new version, or null if the account has no such site.</returns>
    public async Task<Site?> RotateSiteTokenAsync(string account, string siteId, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Sites(account);
        string? change = null;
        while (true)
        {
            var json = await _redis.ExecuteAsync(database => database.HashGetAsync(table, siteId), cancellationToken);
            if (json.IsNull)
            {
                return null;
            }

            change ??= await _changes.BeginAsync(account, cancellationToken);
            var site = JsonSerializer.Deserialize((string)json!, AccountsJson.Default.Site)!;
            var rotated = site with { TokenVersion = site.TokenVersion + 1 };
            var stored = await _redis.ExecuteAsync(
                database =>
                {
                    var transaction = database.CreateTransaction();
                    transaction.AddCondition(Condition.HashEqual(table, siteId, json));
                    CredentialChanges.NoteIn(transaction, change);
                    _ = transaction.HashSetAsync(table, siteId, JsonSerializer.Serialize(rotated, AccountsJson.Default.Site));
                    return transaction.ExecuteAsync();
                },
                cancellationToken);
            if (stored)
            {
                await _changes.AnnounceAsync(change, cancellationToken);
                return rotated;
            }
        }
    }

    /// <summary>
    /// Removes an operator, whose live sockets are closed within two seconds. Of two who remove each other at once one stays, so that
    /// an account keeps an operator.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="operatorId">The operator's id.</param>
    /// <param name="remover">The other operator who removes them, and has to be one still; null for who runs the platform.</param>
    /// <param name="cancellationToken">Gives up waiting; the operator may be removed all the same.</param>
    public async Task<OperatorRemoval> RemoveOperatorAsync(
        string account, string operatorId, string? remover, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Operators(account);
        while (true)
        {
            if (remover is not null && await FindOperatorAsync(account, remover, cancellationToken) is null)
            {
                return OperatorRemoval.RemoverGone;
            }

            if (await FindOperatorAsync(account, operatorId, cancellationToken) is not { } person)
            {
                // Perhaps the retry of a removal that was cut off before it was told to the nodes. If not, there is nothing to tell:
                // names that nobody has must not make every node look at its sockets.
                await _changes.FinishAsync(account, cancellationToken);
                return OperatorRemoval.NoSuchOperator;
            }

            var change = await _changes.BeginAsync(account, cancellationToken);
            var removed = await _redis.ExecuteAsync(
                database =>
                {
                    var transaction = database.CreateTransaction();
                    transaction.AddCondition(Condition.HashExists(table, operatorId));
                    if (remover is not null)
                    {
                        transaction.AddCondition(Condition.HashExists(table, remover));
                    }

                    CredentialChanges.NoteIn(transaction, change);
                    _ = transaction.HashDeleteAsync(table, operatorId);
                    return transaction.ExecuteAsync();
                },
                cancellationToken);
            if (!removed)
            {
                // Somebody changed the account's operators just now; what it means for this removal the next round finds out.
                await _changes.AbandonAsync(change, cancellationToken);
                continue;
            }

            // After the operator: a login that leads nowhere opens nothing.
            await _redis.ExecuteAsync(database => database.HashDeleteAsync(RedisKeys.Logins, person.Login), cancellationToken);
            await _changes.AnnounceAsync(change, cancellationToken);
            return OperatorRemoval.Removed;
        }
    }

    private async Task<(string Account, string Id)?> FindByNameAsync(string table, string name, CancellationToken cancellationToken)
    {
        string? found = await _redis.ExecuteAsync(database => database.HashGetAsync(table, name), cancellationToken);
        return found?.Split(' ') is [var account, var id] ? (account, id) : null;
    }

    private async Task<T?> GetAsync<T>(RedisKey table, string id, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        string? json = await _redis.ExecuteAsync(database => database.HashGetAsync(table, id), cancellationToken);
        return json is null ? null : JsonSerializer.Deserialize(json, type);
    }

    private Task<bool> SetAsync<T>(RedisKey table, string id, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        _redis.ExecuteAsync(database => database.HashSetAsync(table, id, JsonSerializer.Serialize(value, type)), cancellationToken);
}
