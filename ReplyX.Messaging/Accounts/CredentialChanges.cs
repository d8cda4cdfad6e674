using ReplyX.Messaging.Redis;
using StackExchange.Redis;

namespace ReplyX.Messaging.Accounts;

/// <summary>
/// Tells the nodes whose credentials were taken back: the accounts by version, for whoever asks, and a publish, for whoever
/// would rather not wait. All methods throw <see cref="MessagingUnavailableException"/> when Redis does not answer.
/// </summary>
/// <remarks>
/// Records lie in their account's slot and the versions in one of their own, so that no script writes both. A change is
/// therefore begun in the versions' slot, made together with a note in the account's, and announced in the versions' again. If
/// it is cut off on the way, what was begun says where to look, and the note whether there is something to tell: the nodes'
/// polling announces it, and so does a retry.
/// </remarks>
public sealed class CredentialChanges
{
    private static readonly RedisScript _announce = RedisScript.Load("Accounts.announce");
    private static readonly RedisScript _poll = RedisScript.Load("Accounts.poll");
    private static readonly RedisChannel _channel = RedisChannel.Literal(RedisKeys.CredentialChannel);
    private static readonly RedisKey[] _keys = [RedisKeys.CredentialChanges, RedisKeys.CredentialChangesBegun];

    // A change takes a few milliseconds from beginning to end.
    private static readonly TimeSpan _late = TimeSpan.FromSeconds(1);

    // Longer than a command waits in a Redis that stands still, so that a change that is made late is told all the same.
    private static readonly TimeSpan _forgotten = TimeSpan.FromMinutes(5);

    // A node that missed the changes of more accounts than this checks all of its sockets, as one does that has just started.
    internal const int MostAccounts = 1_000;

    private readonly RedisGateway _redis;
    private readonly TimeProvider _time;

    internal CredentialChanges(RedisGateway redis, TimeProvider time)
    {
        _redis = redis;
        _time = time;
    }

    /// <summary>Which accounts' sockets a node has to check. One command, however many accounts there are.</summary>
    /// <param name="seen">The version of the last time; null at the first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ChangedAccounts> PollAsync(long? seen, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var reply = await _redis.EvaluateAsync(
            _poll, _keys, [seen ?? 0, MostAccounts, (now - _late).ToUnixTimeMilliseconds()], cancellationToken);
        foreach (var change in (string[])reply[3]!)
        {
            await FinishAsync(change, now, cancellationToken);
        }

        var all = seen is null || (long)reply[1] == 1;
        return new ChangedAccounts((long)reply[0], all ? null : ((string[])reply[2]!).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Calls back at every change that is heard of. What is not heard polling tells.</summary>
    /// <param name="onChange">Called on the subscription's thread; it must not block.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SubscribeAsync(Action onChange, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        async database =>
        {
            await database.Multiplexer.GetSubscriber().SubscribeAsync(_channel, (_, _) => onChange());
            return true;
        },
        cancellationToken);

    /// <summary>Says that a change of the account is about to be made.</summary>
    /// <returns>The change, for <see cref="NoteIn"/> and <see cref="AnnounceAsync"/>.</returns>
    internal async Task<string> BeginAsync(string account, CancellationToken cancellationToken)
    {
        // The id first, so that the account may hold anything.
        var change = $"{Guid.NewGuid():N} {account}";
        await _redis.ExecuteAsync(
            database => database.SortedSetAddAsync(RedisKeys.CredentialChangesBegun, change, _time.GetUtcNow().ToUnixTimeMilliseconds()),
            cancellationToken);
        return change;
    }

    /// <summary>Notes the change together with what it writes, and before it: where a transaction is torn, it is told in vain.</summary>
    internal static void NoteIn(ITransaction transaction, string change) =>
        _ = transaction.HashSetAsync(RedisKeys.CredentialNotes(AccountOf(change)), change, 1);

    /// <summary>Tells the nodes of a change that was made.</summary>
    internal async Task AnnounceAsync(string change, CancellationToken cancellationToken)
    {
        var account = AccountOf(change);
        await PublishAsync(account, change, cancellationToken);
        await _redis.ExecuteAsync(database => database.HashDeleteAsync(RedisKeys.CredentialNotes(account), change), cancellationToken);
    }

    /// <summary>Takes back what was begun and came to nothing.</summary>
    internal Task AbandonAsync(string change, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        database => database.SortedSetRemoveAsync(RedisKeys.CredentialChangesBegun, change), cancellationToken);

    /// <summary>Tells the nodes of the account's changes that were made and cut off before they were told, if there are any.</summary>
    /// <returns>Whether there were.</returns>
    internal async Task<bool> FinishAsync(string account, CancellationToken cancellationToken)
    {
        var notes = RedisKeys.CredentialNotes(account);
        var changes = await _redis.ExecuteAsync(database => database.HashKeysAsync(notes), cancellationToken);
        if (changes.Length == 0)
        {
            return false;
        }

        // Only what was read is struck out: a change that is made meanwhile has a note of its own.
        await PublishAsync(account, completed: "", cancellationToken);
        await _redis.ExecuteAsync(database => database.HashDeleteAsync(notes, changes), cancellationToken);
        return true;
    }

    private async Task FinishAsync(string change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FinishAsync(AccountOf(change), cancellationToken))
        {
            await AbandonAsync(change, cancellationToken);
            return;
        }

        await _redis.ExecuteAsync(
            async database =>
            {
                var begun = await database.SortedSetScoreAsync(RedisKeys.CredentialChangesBegun, change);
                return begun < (now - _forgotten).ToUnixTimeMilliseconds()
                    && await database.SortedSetRemoveAsync(RedisKeys.CredentialChangesBegun, change);
            },
            cancellationToken);
    }

    private Task<RedisResult> PublishAsync(string account, string completed, CancellationToken cancellationToken) => _redis.ExecuteAsync(
        async database =>
        {
            // Nodes of the version before look at a counter of that name. It can go when none of them is left.
            await database.StringIncrementAsync(RedisKeys.CredentialVersion);
            return await _announce.EvaluateAsync(database, _keys, [account, completed, MostAccounts, RedisKeys.CredentialChannel]);
        },
        cancellationToken);

    private static string AccountOf(string change) => change[(change.IndexOf(' ', StringComparison.Ordinal) + 1)..];
}
