using System.Globalization;
using System.Text.Json;
using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

public sealed partial class AccountDirectory
{
    /// <summary>An account's quick replies, in its owner's order.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IReadOnlyList<QuickReply>> GetQuickRepliesAsync(string account, CancellationToken cancellationToken) => ToQuickReplies(
        await _redis.ExecuteAsync(database => database.StringGetAsync(RedisKeys.QuickReplies(account)), cancellationToken));

    /// <summary>Replaces an account's quick replies.</summary>
    /// <param name="account">The account.</param>
    /// <param name="replies">All of them.</param>
    /// <param name="by">Who replaces them.</param>
    /// <param name="cancellationToken">Gives up waiting; they may be replaced all the same.</param>
    public Task<AccountResult<IReadOnlyList<QuickReply>>> SetQuickRepliesAsync(
        string account, IReadOnlyList<QuickReply> replies, Actor by, CancellationToken cancellationToken)
    {
        var key = RedisKeys.QuickReplies(account);
        return _writer.WriteAsync<AccountResult<IReadOnlyList<QuickReply>>>(
            account,
            async () =>
            {
                var (refusal, stillOwner) = await _writer.CheckOwnerAsync(account, by, cancellationToken);
                if (refusal is { } why)
                {
                    return new(why);
                }

                var json = await _redis.ExecuteAsync(database => database.StringGetAsync(key), cancellationToken);
                return new(new(AccountOutcome.Done, replies), transaction =>
                {
                    transaction.Require(stillOwner);
                    transaction.Require(json.IsNull ? Condition.KeyNotExists(key) : Condition.StringEqual(key, json));
                    _ = transaction.StringSetAsync(key, JsonSerializer.Serialize(replies, AccountsJson.Default.IReadOnlyListQuickReply));
                    List<AuditDetail> details = [.. AuditLog.Changed("count", Count(ToQuickReplies(json)), Count(replies))];
                    _audit.AddIn(transaction, account, by, "quick_replies.change", new AuditTarget("quick_replies", "", ""), details);
                });
            },
            cancellationToken);
    }

    private static IReadOnlyList<QuickReply> ToQuickReplies(RedisValue json) =>
        json.IsNull ? [] : JsonSerializer.Deserialize((string)json!, AccountsJson.Default.IReadOnlyListQuickReply)!;

    private static string Count(IReadOnlyList<QuickReply> replies) => replies.Count.ToString(CultureInfo.InvariantCulture);
}
