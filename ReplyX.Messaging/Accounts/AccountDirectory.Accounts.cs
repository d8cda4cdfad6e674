using System.Globalization;
using System.Text.Json;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

public sealed partial class AccountDirectory
{
    /// <summary>The id of the owner whom the first start makes.</summary>
    private const string FirstOwner = "owner";

    /// <summary>Finds an account. One that was made before accounts had a record is named by its id.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Account> GetAccountAsync(string account, CancellationToken cancellationToken) => ToAccount(
        account, await _redis.ExecuteAsync(database => database.StringGetAsync(RedisKeys.Account(account)), cancellationToken));

    /// <summary>Adds an account or replaces its record, as seeding does.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SaveAccountAsync(Account account, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        database => database.StringSetAsync(RedisKeys.Account(account.Id), ToJson(account)), cancellationToken);

    /// <summary>Makes an account, which has nobody in it. Invite its owner.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Account> CreateAccountAsync(string name, CancellationToken cancellationToken)
    {
        var account = new Account(NewId("a", IdBytes), name, _time.GetUtcNow());
        return await _writer.WriteAsync<Account>(
            account.Id,
            () => Task.FromResult(new AccountWrite<Account>(account, transaction =>
            {
                _ = transaction.StringSetAsync(RedisKeys.Account(account.Id), ToJson(account));
                _audit.AddIn(transaction, account.Id, Actor.Platform, "account.create", AuditTarget.Of(account), []);
            })),
            cancellationToken);
    }

    /// <summary>Changes an account.</summary>
    /// <param name="account">The account's id.</param>
    /// <param name="change">What to change.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="cancellationToken">Gives up waiting; the account may be changed all the same.</param>
    public Task<AccountResult<Account>> ChangeAccountAsync(
        string account, AccountChange change, Actor by, CancellationToken cancellationToken)
    {
        var (key, retention) = (RedisKeys.Account(account), RedisKeys.Retention(account));
        return _writer.WriteAsync<AccountResult<Account>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                var (json, kept) = await _redis.ExecuteAsync(
                    async database =>
                    {
                        var record = database.StringGetAsync(key);
                        var setting = database.StringGetAsync(retention);
                        return (await record, await setting);
                    },
                    cancellationToken);
                var now = ToAccount(account, json);
                var changed = now with { Name = change.Name ?? now.Name };
                return new(changed, transaction =>
                {
                    transaction.Require(stillOwner);
                    transaction.Require(json.IsNull ? Condition.KeyNotExists(key) : Condition.StringEqual(key, json));
                    _ = transaction.StringSetAsync(key, ToJson(changed));
                    List<AuditDetail> details = [.. AuditLog.Changed("name", now.Name, changed.Name)];
                    if (change.SetsRetention)
                    {
                        var value = RetentionSettings.ToValue(change.Retention);
                        _ = transaction.StringSetAsync(retention, value);
                        details.AddRange(AuditLog.Changed("retention", Describe(kept), Describe(value)));
                    }

                    _audit.AddIn(transaction, account, by, "account.change", AuditTarget.Of(changed), details);
                });
            },
            cancellationToken);
    }

    /// <summary>
    /// Makes the first account and its owner, once for all of ReplyX, whoever asks and how often: a start that was cut off is completed by
    /// the next, and one that comes after it changes nothing.
    /// </summary>
    /// <param name="name">The account's name.</param>
    /// <param name="login">The owner's login.</param>
    /// <param name="password">The owner's password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<FirstAccount> CreateFirstAsync(string name, string login, string password, CancellationToken cancellationToken)
    {
        // Whoever is first says which account it is, and all others complete that one.
        login = login.ToLowerInvariant();
        var account = await AgreeOnFirstAsync(cancellationToken);
        if (await _redis.ExecuteAsync(database => database.HashExistsAsync(RedisKeys.Bootstrap, "done"), cancellationToken))
        {
            return await CompareFirstAsync(account, login, password, cancellationToken);
        }

        if (!await _logins.TryClaimAsync(login, account, FirstOwner, cancellationToken))
        {
            return FirstAccount.LoginTaken;
        }

        var now = _time.GetUtcNow();
        var record = new Account(account, name, now);
        var owner = new Operator(
            account, FirstOwner, login, Name: NameOf(login), HashPassword(password), OperatorRole.Owner, CreatedAt: now);
        var made = await _redis.ExecuteAsync(
            database =>
            {
                var transaction = database.CreateTransaction();
                transaction.AddCondition(Condition.HashNotExists(RedisKeys.Operators(account), FirstOwner));
                _ = transaction.StringSetAsync(RedisKeys.Account(account), ToJson(record), when: When.NotExists);
                _ = transaction.HashSetAsync(RedisKeys.Operators(account), FirstOwner, AccountWriter.ToJson(owner));
                _audit.AddIn(transaction, account, Actor.Platform, "account.create", AuditTarget.Of(record), []);
                return transaction.ExecuteAsync();
            },
            cancellationToken);
        if (!made && await FindOperatorAsync(account, FirstOwner, cancellationToken) is null)
        {
            // The library says that a condition does not hold also if Redis refused to say.
            throw new MessagingUnavailableException("The first account could not be made now.");
        }

        await _redis.ExecuteAsync(database => database.HashSetAsync(RedisKeys.Bootstrap, "done", 1), cancellationToken);
        return made ? FirstAccount.Made : await CompareFirstAsync(account, login, password, cancellationToken);
    }

    private async Task<FirstAccount> CompareFirstAsync(string account, string login, string password, CancellationToken cancellationToken) =>
        await FindOperatorAsync(account, FirstOwner, cancellationToken) is { } known && known.Login == login && IsPasswordOf(known, password)
            ? FirstAccount.Known
            : FirstAccount.KnownOtherwise;

    private Task<string> AgreeOnFirstAsync(CancellationToken cancellationToken) => _redis.ExecuteAsync(
        async database =>
        {
            await database.HashSetAsync(RedisKeys.Bootstrap, "account", NewId("a", IdBytes), When.NotExists);
            return (string)(await database.HashGetAsync(RedisKeys.Bootstrap, "account"))!;
        },
        cancellationToken);

    // Something to call them by until they say how: what stands before the @ of an address.
    private static string NameOf(string login) => login.Split('@')[0] is { Length: > 0 } name
        ? CultureInfo.InvariantCulture.TextInfo.ToTitleCase(name)
        : login;

    private static string Describe(RedisValue retention) => retention.IsNull ? "default" : (string)retention!;

    private static Account ToAccount(string id, RedisValue json) =>
        json.IsNull ? new Account(id, id) : JsonSerializer.Deserialize((string)json!, AccountsJson.Default.Account)!;

    private static string ToJson(Account account) => JsonSerializer.Serialize(account, AccountsJson.Default.Account);
}

/// <summary>A change of an account.</summary>
/// <param name="Name">The new name; null to leave it.</param>
/// <param name="SetsRetention">Whether the retention changes.</param>
/// <param name="Retention">How long archived events are kept from now on; null for ever.</param>
public sealed record AccountChange(string? Name, bool SetsRetention, TimeSpan? Retention);

/// <summary>What became of making the first account.</summary>
public enum FirstAccount
{
    /// <summary>It is made.</summary>
    Made,

    /// <summary>It was made before, with the same login and password.</summary>
    Known,

    /// <summary>It was made before, and its owner has another login or password by now, or is gone; nothing was changed.</summary>
    KnownOtherwise,

    /// <summary>An operator of another account has the login.</summary>
    LoginTaken,
}
