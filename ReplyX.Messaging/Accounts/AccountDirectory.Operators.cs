using System.Globalization;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

public sealed partial class AccountDirectory
{
    /// <summary>How many operators an account may have, bots among them.</summary>
    public const int MostOperators = 500;

    private const string BotKeyKind = "rxb";

    /// <summary>Changes an operator's name or role. A new role makes their tokens void, so that it counts everywhere at once.</summary>
    /// <param name="account">The account.</param>
    /// <param name="operatorId">The operator's id.</param>
    /// <param name="name">The new name; null to leave it.</param>
    /// <param name="role">The new role; null to leave it.</param>
    /// <param name="by">An owner, or for the name alone the operator, unless it is a bot.</param>
    /// <param name="cancellationToken">Gives up waiting; the operator may be changed all the same.</param>
    public Task<AccountResult<Operator>> ChangeOperatorAsync(
        string account, string operatorId, string? name, OperatorRole? role, Actor by, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Operators(account);
        return _writer.WriteAsync<AccountResult<Operator>>(
            account,
            async () =>
            {
                var json = await _writer.ReadAsync(table, operatorId, cancellationToken);
                var person = json.IsNull ? null : AccountWriter.ToOperator(json);
                Condition? stillOwner = null;
                if (person is null || role is not null || by.Id != operatorId || person.Role == OperatorRole.Bot)
                {
                    (var refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                    if (refusal is { } why)
                    {
                        return new(why);
                    }
                }

                if (person is null)
                {
                    return new(AccountOutcome.NotFound);
                }

                var changed = person with { Name = name ?? person.Name, Role = role ?? person.Role };
                if (changed.Role == person.Role)
                {
                    return new(changed, Write);
                }

                if (OperatorRole.Bot == person.Role || OperatorRole.Bot == changed.Role)
                {
                    return new(AccountOutcome.BotRole);
                }

                if (await FindOtherOwnerAsync(person, cancellationToken) is not (true, var otherOwner))
                {
                    return new(AccountOutcome.LastOwner);
                }

                changed = changed with { Generation = person.Generation + 1 };
                return new(
                    changed,
                    transaction =>
                    {
                        transaction.Require(otherOwner);
                        Write(transaction);
                    },
                    TakesBack: true);

                void Write(ITransaction transaction)
                {
                    transaction.Require(stillOwner);
                    transaction.AddCondition(Condition.HashEqual(table, operatorId, json));
                    _ = transaction.HashSetAsync(table, operatorId, AccountWriter.ToJson(changed));
                    AuditDetail[] details =
                    [
                        .. AuditLog.Changed("name", person.Name, changed.Name),
                        .. AuditLog.Changed("role", Text(person.Role), Text(changed.Role)),
                    ];
                    _audit.AddIn(transaction, account, by, "operator.change", AuditTarget.Of(changed), details);
                }
            },
            cancellationToken);
    }

    /// <summary>
    /// Removes an operator, whose live sockets are closed within two seconds. An owner only while there is another, so that of two who
    /// remove each other at once one stays.
    /// </summary>
    /// <param name="account">The account.</param>
    /// <param name="operatorId">The operator's id.</param>
    /// <param name="by">Who removes them.</param>
    /// <param name="cancellationToken">Gives up waiting; the operator may be removed all the same.</param>
    public async Task<AccountOutcome> RemoveOperatorAsync(
        string account, string operatorId, Actor by, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Operators(account);
        var removed = await _writer.WriteAsync<AccountResult<Operator>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                var json = await _writer.ReadAsync(table, operatorId, cancellationToken);
                if (json.IsNull)
                {
                    // Perhaps the retry of a removal that was cut off before it was told to the nodes. If not, there is nothing to tell:
                    // names that nobody has must not make every node look at its sockets.
                    await _writer.FinishAsync(account, cancellationToken);
                    return new(AccountOutcome.NotFound);
                }

                var person = AccountWriter.ToOperator(json);
                if (await FindOtherOwnerAsync(person, cancellationToken) is not (true, var otherOwner))
                {
                    return new(AccountOutcome.LastOwner);
                }

                return new(
                    person,
                    transaction =>
                    {
                        transaction.Require(stillOwner);
                        transaction.Require(otherOwner);
                        transaction.AddCondition(Condition.HashEqual(table, operatorId, json));
                        _ = transaction.HashDeleteAsync(table, operatorId);
                        _ = transaction.HashDeleteAsync(RedisKeys.OperatorsSeen(account), operatorId);
                        OperatorSessions.EndAllIn(transaction, account, operatorId);
                        _audit.AddIn(transaction, account, by, "operator.remove", AuditTarget.Of(person), []);
                    },
                    TakesBack: true);
            },
            cancellationToken);
        if (removed.IsDone)
        {
            // After the operator: a login that leads nowhere opens nothing.
            await _logins.ReleaseAsync(removed.Value.Login, account, operatorId, cancellationToken);
        }

        return removed.Outcome;
    }

    /// <summary>Changes a password. The operator's tokens and all their sessions are void, but for the one that begins with it.</summary>
    /// <param name="person">The operator, as the old password was checked against.</param>
    /// <param name="passwordHash">The new password's hash.</param>
    /// <param name="device">The device of the session that begins.</param>
    /// <param name="cancellationToken">Gives up waiting; the password may be changed all the same.</param>
    /// <returns>The operator and the session's secret; not found if they were removed, or the password was changed, meanwhile.</returns>
    public Task<AccountResult<RenewedOperator>> ChangePasswordAsync(
        Operator person, string passwordHash, string device, CancellationToken cancellationToken)
    {
        var session = OperatorSessions.NewSecret(person);
        return RenewAsync(
            person.Account,
            person.Id,
            Actor.Of(person),
            needsOwner: false,
            "operator.password",
            now => now.PasswordHash == person.PasswordHash,
            now => now with { PasswordHash = passwordHash },
            session.Text,
            transaction => _sessions.BeginOnlyIn(transaction, session, device),
            cancellationToken);
    }

    /// <summary>Makes all tokens, device tokens, sessions and sockets of an operator void.</summary>
    /// <param name="person">The operator.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be done all the same.</param>
    public async Task<AccountOutcome> SignOutEverywhereAsync(Operator person, CancellationToken cancellationToken) => (await RenewAsync(
        person.Account,
        person.Id,
        Actor.Of(person),
        needsOwner: false,
        "operator.sign_out_everywhere",
        _ => true,
        now => now with { DeviceGeneration = now.DeviceGeneration + 1 },
        secret: "",
        transaction => OperatorSessions.EndAllIn(transaction, person.Account, person.Id),
        cancellationToken)).Outcome;

    /// <summary>Adds a bot.</summary>
    /// <param name="account">The account.</param>
    /// <param name="name">The name that visitors see.</param>
    /// <param name="by">Who adds it.</param>
    /// <param name="cancellationToken">Gives up waiting; the bot may be there all the same.</param>
    /// <returns>The bot and its key.</returns>
    public Task<AccountResult<RenewedOperator>> CreateBotAsync(string account, string name, Actor by, CancellationToken cancellationToken)
    {
        var table = RedisKeys.Operators(account);
        var key = AccountSecret.Create(BotKeyKind, account, NewId("b", IdBytes));
        var bot = new Operator(
            account, key.Id, Login: "", name, PasswordHash: "", OperatorRole.Bot, KeyHash: key.Hash, CreatedAt: _time.GetUtcNow());
        return _writer.WriteAsync<AccountResult<RenewedOperator>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                if (await _redis.ExecuteAsync(database => database.HashLengthAsync(table), cancellationToken) >= MostOperators)
                {
                    return new(AccountOutcome.LimitReached);
                }

                return new(new RenewedOperator(bot, key.Text), transaction =>
                {
                    transaction.Require(stillOwner);
                    transaction.AddCondition(Condition.HashNotExists(table, bot.Id));
                    transaction.AddCondition(Condition.HashLengthLessThan(table, MostOperators));
                    _ = transaction.HashSetAsync(table, bot.Id, AccountWriter.ToJson(bot));
                    _audit.AddIn(transaction, account, by, "bot.create", AuditTarget.Of(bot), []);
                });
            },
            cancellationToken);
    }

    /// <summary>Gives a bot a new key. The old one and the bot's tokens are void.</summary>
    /// <param name="account">The account.</param>
    /// <param name="botId">The bot's id.</param>
    /// <param name="by">Who replaces it.</param>
    /// <param name="cancellationToken">Gives up waiting; the key may be replaced all the same.</param>
    /// <returns>The bot and its key; not found for a person.</returns>
    public Task<AccountResult<RenewedOperator>> ReplaceKeyAsync(string account, string botId, Actor by, CancellationToken cancellationToken)
    {
        var key = AccountSecret.Create(BotKeyKind, account, botId);
        return RenewAsync(
            account,
            botId,
            by,
            needsOwner: true,
            "bot.key",
            now => now.Role == OperatorRole.Bot,
            now => now with { KeyHash = key.Hash },
            key.Text,
            _ => { },
            cancellationToken);
    }

    /// <summary>Finds a bot by its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Operator?> FindBotByKeyAsync(string? key, CancellationToken cancellationToken) =>
        AccountSecret.TryParse(BotKeyKind, key) is { } secret
        && await FindOperatorAsync(secret.Account, secret.Id, cancellationToken) is { Role: OperatorRole.Bot } bot
        && secret.Matches(bot.KeyHash)
            ? bot
            : null;

    /// <summary>Notes that an operator was there.</summary>
    /// <param name="person">The operator.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task NoteSeenAsync(Operator person, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        database => database.HashSetAsync(RedisKeys.OperatorsSeen(person.Account), person.Id, _time.GetUtcNow().ToUnixTimeMilliseconds()),
        cancellationToken);

    /// <summary>When an account's operators were there last, by their ids.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ListSeenAsync(string account, CancellationToken cancellationToken)
    {
        var seen = await _redis.ExecuteAsync(database => database.HashGetAllAsync(RedisKeys.OperatorsSeen(account)), cancellationToken);
        return seen.ToDictionary(
            entry => (string)entry.Name!,
            entry => DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Value),
            StringComparer.Ordinal);
    }

    /// <summary>Changes what an operator's credentials are checked against, and makes their tokens void.</summary>
    private Task<AccountResult<RenewedOperator>> RenewAsync(
        string account,
        string operatorId,
        Actor by,
        bool needsOwner,
        string action,
        Func<Operator, bool> isStill,
        Func<Operator, Operator> change,
        string secret,
        Action<ITransaction> write,
        CancellationToken cancellationToken)
    {
        var table = RedisKeys.Operators(account);
        return _writer.WriteAsync<AccountResult<RenewedOperator>>(
            account,
            async () =>
            {
                Condition? stillOwner = null;
                if (needsOwner)
                {
                    (var refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                    if (refusal is { } why)
                    {
                        return new(why);
                    }
                }

                var json = await _writer.ReadAsync(table, operatorId, cancellationToken);
                if (json.IsNull || AccountWriter.ToOperator(json) is not { } now || !isStill(now))
                {
                    return new(AccountOutcome.NotFound);
                }

                var changed = change(now) with { Generation = now.Generation + 1 };
                return new(
                    new RenewedOperator(changed, secret),
                    transaction =>
                    {
                        transaction.Require(stillOwner);
                        transaction.AddCondition(Condition.HashEqual(table, operatorId, json));
                        _ = transaction.HashSetAsync(table, operatorId, AccountWriter.ToJson(changed));
                        write(transaction);
                        _audit.AddIn(transaction, account, by, action, AuditTarget.Of(changed), []);
                    },
                    TakesBack: true);
            },
            cancellationToken);
    }

    /// <returns>Whether the account has an owner besides, and the condition that it still has; no condition where the operator is none.</returns>
    private async Task<(bool IsThere, Condition? Still)> FindOtherOwnerAsync(Operator person, CancellationToken cancellationToken)
    {
        if (person.Role != OperatorRole.Owner)
        {
            return (true, null);
        }

        var table = RedisKeys.Operators(person.Account);
        foreach (var entry in await _redis.ExecuteAsync(database => database.HashGetAllAsync(table), cancellationToken))
        {
            if (entry.Name != person.Id && AccountWriter.ToOperator(entry.Value).Role == OperatorRole.Owner)
            {
                return (true, Condition.HashEqual(table, entry.Name, entry.Value));
            }
        }

        return (false, null);
    }

    private static string Text(OperatorRole role) => role.ToString().ToLower(CultureInfo.InvariantCulture);
}
