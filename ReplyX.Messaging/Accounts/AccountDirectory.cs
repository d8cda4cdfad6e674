using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Identity;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Accounts, their sites and operators. All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
/// <remarks>
/// What operators change goes through transactions that hold only while whoever changes it is still an owner, and that write the audit
/// log too. The Save methods are for seeding: they ask nobody and log nothing.
/// </remarks>
public sealed partial class AccountDirectory
{
    private static readonly PasswordHasher<Operator> _passwords = new();

    // Compared against when nobody has the login, so that the time of an answer does not tell which logins exist.
    private static readonly string _nobodysHash = _passwords.HashPassword(null!, Guid.NewGuid().ToString());

    private readonly RedisGateway _redis;
    private readonly AccountWriter _writer;
    private readonly LoginClaims _logins;
    private readonly AuditLog _audit;
    private readonly OperatorSessions _sessions;
    private readonly TimeProvider _time;

    internal AccountDirectory(
        AccountWriter writer, LoginClaims logins, AuditLog audit, OperatorSessions sessions, TimeProvider time)
    {
        _redis = writer.Redis;
        _writer = writer;
        _logins = logins;
        _audit = audit;
        _sessions = sessions;
        _time = time;
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

    /// <summary>The accounts that have operators or sites. It goes through the tables of all logins and assistants.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyCollection<string>> ListAsync(CancellationToken cancellationToken)
    {
        const int PageSize = 1_000;
        var accounts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in (string[])[RedisKeys.Logins, RedisKeys.Assistants])
        {
            await _redis.ExecuteAsync(
                async database =>
                {
                    await foreach (var entry in database.HashScanAsync(table, pageSize: PageSize).WithCancellation(cancellationToken))
                    {
                        accounts.Add(((string)entry.Value!).Split(' ')[0]);
                    }

                    return true;
                },
                cancellationToken);
        }

        return accounts;
    }

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
        _passwords.VerifyHashedPassword(
            person!, person is { PasswordHash.Length: > 0 } ? person.PasswordHash : _nobodysHash, password) != PasswordVerificationResult.Failed
        && person is { PasswordHash.Length: > 0 };

    /// <summary>Hashes a password, which takes a core as long as checking one.</summary>
    /// <param name="password">The password.</param>
    public static string HashPassword(string password) => _passwords.HashPassword(null!, password);

    /// <summary>Adds a site or replaces it, as seeding does.</summary>
    /// <param name="site">The site.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task SaveSiteAsync(Site site, CancellationToken cancellationToken)
    {
        await SetAsync(RedisKeys.Sites(site.Account), site.Id, site, AccountsJson.Default.Site, cancellationToken);
        await SetAssistantAsync(site, cancellationToken);
    }

    /// <summary>Adds an operator or replaces them, as seeding does.</summary>
    /// <param name="person">The operator; the password's hash is set from <paramref name="password"/>.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task SaveOperatorAsync(Operator person, string password, CancellationToken cancellationToken)
    {
        var hashed = person with
        {
            Login = person.Login.ToLowerInvariant(),
            PasswordHash = HashPassword(password),
        };
        await SetAsync(RedisKeys.Operators(hashed.Account), hashed.Id, hashed, AccountsJson.Default.Operator, cancellationToken);
        await _redis.ExecuteAsync(
            database => database.HashSetAsync(RedisKeys.Logins, hashed.Login, $"{hashed.Account} {hashed.Id}"), cancellationToken);
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
