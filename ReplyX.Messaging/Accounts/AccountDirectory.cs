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
    private readonly RedisGateway _redis;
    private readonly PasswordHasher<Operator> _passwords = new();

    // Compared against when nobody has the login, so that the time of an answer does not tell which logins exist.
    private readonly string _nobodysHash;

    internal AccountDirectory(RedisGateway redis)
    {
        _redis = redis;
        _nobodysHash = _passwords.HashPassword(null!, Guid.NewGuid().ToString());
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
        await LookUpAsync(RedisKeys.Assistants, assistantId, cancellationToken) is (var account, var siteId)
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

    /// <summary>Checks a login and its password.</summary>
    /// <param name="login">The login.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The operator, or null if the two do not belong together; which of them is wrong is not told.</returns>
    public async Task<Operator?> SignInAsync(string login, string password, CancellationToken cancellationToken)
    {
        var person = await LookUpAsync(RedisKeys.Logins, login.ToLowerInvariant(), cancellationToken) is (var account, var id)
            ? await FindOperatorAsync(account, id, cancellationToken)
            : null;
        var answer = _passwords.VerifyHashedPassword(person!, person?.PasswordHash ?? _nobodysHash, password);
        return answer == PasswordVerificationResult.Failed ? null : person;
    }

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

    private async Task<(string Account, string Id)?> LookUpAsync(string table, string name, CancellationToken cancellationToken)
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
