using System.Text.Json;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Which login is whose, in all of ReplyX. The table lies in another slot than the operators: a login is claimed before its operator is
/// written, and one that leads to nobody is free again.
/// </summary>
internal sealed class LoginClaims(RedisGateway redis, TimeProvider time)
{
    /// <summary>Claims a login for an operator who is about to be written.</summary>
    /// <returns>Whether it is theirs now; claiming it twice for the same operator is no conflict.</returns>
    public async Task<bool> TryClaimAsync(string login, string account, string operatorId, CancellationToken cancellationToken)
    {
        var wanted = ToValue(account, operatorId);
        while (true)
        {
            var holder = await redis.ExecuteAsync(database => database.HashGetAsync(RedisKeys.Logins, login), cancellationToken);
            if (holder == wanted)
            {
                return true;
            }

            if (!holder.IsNull && await IsHeldAsync(login, holder, cancellationToken))
            {
                return false;
            }

            var claimed = await redis.ExecuteAsync(
                database =>
                {
                    var transaction = database.CreateTransaction();
                    transaction.AddCondition(
                        holder.IsNull
                            ? Condition.HashNotExists(RedisKeys.Logins, login)
                            : Condition.HashEqual(RedisKeys.Logins, login, holder));
                    _ = transaction.HashSetAsync(RedisKeys.Logins, login, wanted);
                    return transaction.ExecuteAsync();
                },
                cancellationToken);
            if (claimed)
            {
                return true;
            }
        }
    }

    /// <summary>Frees a login, unless it is somebody else's by now.</summary>
    public Task ReleaseAsync(string login, string account, string operatorId, CancellationToken cancellationToken) => redis.ExecuteAsync(
        database =>
        {
            var transaction = database.CreateTransaction();
            transaction.AddCondition(Condition.HashEqual(RedisKeys.Logins, login, ToValue(account, operatorId)));
            _ = transaction.HashDeleteAsync(RedisKeys.Logins, login);
            return transaction.ExecuteAsync();
        },
        cancellationToken);

    // Who has the login, or may be joining with it this moment: their invitation, which has the operator's id, is open still.
    private Task<bool> IsHeldAsync(string login, RedisValue holder, CancellationToken cancellationToken)
    {
        if (((string)holder!).Split(' ') is not [var account, var id])
        {
            return Task.FromResult(false);
        }

        return redis.ExecuteAsync(
            async database =>
            {
                // In this order: accepting takes the invitation and writes the operator at once, so that whoever finds no invitation finds
                // the operator. The other way round both could be missed, and the login taken from who was just joining with it.
                var invited = database.HashGetAsync(RedisKeys.Invitations(account), id);
                var person = database.HashGetAsync(RedisKeys.Operators(account), id);
                var isInvited = (await invited) is { IsNull: false } open
                    && JsonSerializer.Deserialize((string)open!, AccountsJson.Default.Invitation)!.ExpiresAt > time.GetUtcNow();
                return (await person) is { IsNull: false } json ? AccountWriter.ToOperator(json).Login == login : isInvited;
            },
            cancellationToken);
    }

    private static string ToValue(string account, string operatorId) => $"{account} {operatorId}";
}
