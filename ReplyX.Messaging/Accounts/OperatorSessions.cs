using System.Text.Json;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Where operators are signed in: for each operator a hash of sessions by the hash of their secret. All methods throw
/// <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
public sealed class OperatorSessions
{
    /// <summary>How long a session lives from its last use.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How many an operator has at once.</summary>
    public const int MostSessions = 50;

    private const string Kind = "rxs";

    private readonly AccountWriter _writer;
    private readonly TimeProvider _time;

    internal OperatorSessions(AccountWriter writer, TimeProvider time)
    {
        _writer = writer;
        _time = time;
    }

    /// <summary>Signs an operator in on a device.</summary>
    /// <param name="person">The operator, as the credential that they signed in with was checked against.</param>
    /// <param name="device">What the device is.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The session's secret; null if the operator was removed, or their password or key changed, meanwhile.</returns>
    public Task<string?> BeginAsync(Operator person, string device, CancellationToken cancellationToken)
    {
        var (key, people) = (RedisKeys.Sessions(person.Account, person.Id), RedisKeys.Operators(person.Account));
        return _writer.WriteAsync<string?>(
            person.Account,
            async () =>
            {
                var json = await _writer.ReadAsync(people, person.Id, cancellationToken);
                if (json.IsNull || AccountWriter.ToOperator(json) is var now && !IsSameCredential(now, person))
                {
                    return null;
                }

                var surplus = await FindSurplusAsync(key, cancellationToken);
                var secret = NewSecret(person);
                return new(secret.Text, transaction =>
                {
                    transaction.AddCondition(Condition.HashEqual(people, person.Id, json));
                    _ = transaction.HashDeleteAsync(key, surplus);
                    BeginIn(transaction, secret, device);
                });
            },
            cancellationToken);
    }

    /// <summary>A session's id, which is no secret, of its secret; null if that is none.</summary>
    /// <param name="secret">The secret.</param>
    public static string? IdOf(string? secret) => AccountSecret.TryParse(Kind, secret)?.Hash;

    /// <summary>Finds the session of a secret, and lets it live on from now.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whose it is; null if there is none, or none any more.</returns>
    public async Task<Operator?> UseAsync(string? secret, CancellationToken cancellationToken) =>
        AccountSecret.TryParse(Kind, secret) is { } known
            ? await UseAsync(known.Account, known.Id, known.Hash, cancellationToken)
            : null;

    /// <summary>Lets a session live on from now.</summary>
    /// <param name="account">The account.</param>
    /// <param name="operatorId">The operator.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whose it is; null if there is none, or none any more.</returns>
    public Task<Operator?> UseAsync(string account, string operatorId, string id, CancellationToken cancellationToken)
    {
        var (key, people) = (RedisKeys.Sessions(account, operatorId), RedisKeys.Operators(account));
        return _writer.WriteAsync<Operator?>(
            account,
            async () =>
            {
                var (stored, person) = await _writer.Redis.ExecuteAsync(
                    async database =>
                    {
                        var session = database.HashGetAsync(key, id);
                        var owner = database.HashGetAsync(people, operatorId);
                        return (await session, await owner);
                    },
                    cancellationToken);
                var now = _time.GetUtcNow();
                if (stored.IsNull || person.IsNull || ToSession(stored) is not { } session || session.UsedAt + Lifetime <= now)
                {
                    return null;
                }

                // Only where it still is: what was ended meanwhile must not come back.
                return new(AccountWriter.ToOperator(person), transaction =>
                {
                    transaction.AddCondition(Condition.HashEqual(key, id, stored));
                    StoreIn(transaction, key, id, session with { UsedAt = now });
                });
            },
            cancellationToken);
    }

    /// <summary>Ends the session of a secret, if there is one.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task EndAsync(string? secret, CancellationToken cancellationToken) =>
        AccountSecret.TryParse(Kind, secret) is { } known
            ? EndAsync(known.Account, known.Id, known.Hash, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Ends a session.</summary>
    /// <param name="account">The account.</param>
    /// <param name="operatorId">The operator.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task EndAsync(string account, string operatorId, string id, CancellationToken cancellationToken) => _writer.Redis.ExecuteAsync(
        database => database.HashDeleteAsync(RedisKeys.Sessions(account, operatorId), id), cancellationToken);

    /// <summary>An operator's sessions, the last used first.</summary>
    /// <param name="account">The account.</param>
    /// <param name="operatorId">The operator.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<OperatorSession>> ListAsync(string account, string operatorId, CancellationToken cancellationToken)
    {
        var values = await _writer.Redis.ExecuteAsync(
            database => database.HashValuesAsync(RedisKeys.Sessions(account, operatorId)), cancellationToken);
        return [.. values.Select(ToSession).Where(session => session.UsedAt + Lifetime > _time.GetUtcNow()).OrderByDescending(session => session.UsedAt)];
    }

    internal static AccountSecret NewSecret(Operator person) => AccountSecret.Create(Kind, person.Account, person.Id);

    /// <summary>Ends all sessions of an operator, in the transaction that takes their credentials back.</summary>
    internal static void EndAllIn(ITransaction transaction, string account, string operatorId) =>
        _ = transaction.KeyDeleteAsync(RedisKeys.Sessions(account, operatorId));

    /// <summary>Begins the only session that is left to an operator, in the transaction that takes their credentials back.</summary>
    internal void BeginOnlyIn(ITransaction transaction, AccountSecret secret, string device)
    {
        EndAllIn(transaction, secret.Account, secret.Id);
        BeginIn(transaction, secret, device);
    }

    // A role or a name may change while somebody signs in; what they signed in with may not.
    private static bool IsSameCredential(Operator now, Operator then) =>
        now.PasswordHash == then.PasswordHash && now.KeyHash == then.KeyHash && now.DeviceGeneration == then.DeviceGeneration;

    private void BeginIn(ITransaction transaction, AccountSecret secret, string device)
    {
        var now = _time.GetUtcNow();
        StoreIn(transaction, RedisKeys.Sessions(secret.Account, secret.Id), secret.Hash, new OperatorSession(device, now, now));
    }

    // Those that ran out, and those that are too many: first the ones that were never used, as by programs that sign in again and again.
    private async Task<RedisValue[]> FindSurplusAsync(RedisKey key, CancellationToken cancellationToken)
    {
        var all = await _writer.Redis.ExecuteAsync(database => database.HashGetAllAsync(key), cancellationToken);
        var sessions = Array.ConvertAll(all, entry => (entry.Name, Session: ToSession(entry.Value)));
        var living = sessions.Where(entry => entry.Session.UsedAt + Lifetime > _time.GetUtcNow())
            .OrderByDescending(entry => entry.Session.UsedAt > entry.Session.CreatedAt)
            .ThenByDescending(entry => entry.Session.UsedAt)
            .Take(MostSessions - 1)
            .Select(entry => entry.Name)
            .ToHashSet();
        return [.. sessions.Select(entry => entry.Name).Where(name => !living.Contains(name))];
    }

    private static void StoreIn(ITransaction transaction, RedisKey key, string hash, OperatorSession session)
    {
        _ = transaction.HashSetAsync(key, hash, JsonSerializer.Serialize(session, AccountsJson.Default.OperatorSession));
        _ = transaction.KeyExpireAsync(key, Lifetime);
    }

    private static OperatorSession ToSession(RedisValue json) =>
        JsonSerializer.Deserialize((string)json!, AccountsJson.Default.OperatorSession)!;
}
