using System.Text.Json;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Makes changes of an account in transactions of its slot. A change is planned from what is stored, names as conditions what it was
/// planned from, and is planned anew if somebody else was faster.
/// </summary>
internal sealed class AccountWriter(RedisGateway redis, CredentialChanges changes)
{
    public RedisGateway Redis => redis;

    /// <summary>Makes a change, and tells the nodes if it takes credentials back.</summary>
    /// <param name="account">The account.</param>
    /// <param name="plan">Reads what is stored and says what to write.</param>
    /// <param name="cancellationToken">Gives up waiting; the change may be made all the same.</param>
    public async Task<T> WriteAsync<T>(string account, Func<Task<AccountWrite<T>>> plan, CancellationToken cancellationToken)
    {
        while (true)
        {
            var planned = await plan();
            if (planned.Write is not { } write)
            {
                return planned.Result;
            }

            var change = planned.TakesBack ? await changes.BeginAsync(account, cancellationToken) : null;
            var made = await redis.ExecuteAsync(
                database =>
                {
                    var transaction = database.CreateTransaction();
                    if (change is not null)
                    {
                        CredentialChanges.NoteIn(transaction, change);
                    }

                    write(transaction);
                    return transaction.ExecuteAsync();
                },
                cancellationToken);
            if (change is not null)
            {
                await (made ? changes.AnnounceAsync(change, cancellationToken) : changes.AbandonAsync(change, cancellationToken));
            }

            if (made)
            {
                return planned.Result;
            }
        }
    }

    /// <summary>Tells the nodes of changes that were made and cut off before they were told.</summary>
    public Task FinishAsync(string account, CancellationToken cancellationToken) => changes.FinishAsync(account, cancellationToken);

    /// <summary>A record as it is stored, to name as a condition.</summary>
    public Task<RedisValue> ReadAsync(RedisKey table, string id, CancellationToken cancellationToken) =>
        redis.ExecuteAsync(database => database.HashGetAsync(table, id), cancellationToken);

    /// <summary>Whether somebody may manage the account.</summary>
    /// <returns>Why not, or null; and the condition that they still may when it is written.</returns>
    public async Task<(AccountOutcome? Refusal, Condition? StillOwner)> CheckOwnerAsync(
        string account, Actor actor, CancellationToken cancellationToken)
    {
        if (actor.Id is null)
        {
            return (null, null);
        }

        var table = RedisKeys.Operators(account);
        var json = await ReadAsync(table, actor.Id, cancellationToken);
        return json.IsNull ? (AccountOutcome.ActorGone, null)
            : ToOperator(json).Role != OperatorRole.Owner ? (AccountOutcome.ActorNotOwner, null)
            : (null, Condition.HashEqual(table, actor.Id, json));
    }

    public static Operator ToOperator(RedisValue json) => JsonSerializer.Deserialize((string)json!, AccountsJson.Default.Operator)!;

    public static string ToJson(Operator person) => JsonSerializer.Serialize(person, AccountsJson.Default.Operator);
}

/// <summary>What to write, if anything, and what to answer once it is written.</summary>
/// <param name="Result">The answer.</param>
/// <param name="Write">Adds conditions and commands to the transaction; null if there is nothing to write.</param>
/// <param name="TakesBack">Whether credentials are void afterwards.</param>
internal readonly record struct AccountWrite<T>(T Result, Action<ITransaction>? Write = null, bool TakesBack = false)
{
    public static implicit operator AccountWrite<T>(T result) => new(result);
}

internal static class TransactionExtensions
{
    public static void Require(this ITransaction transaction, Condition? condition)
    {
        if (condition is not null)
        {
            transaction.AddCondition(condition);
        }
    }
}
