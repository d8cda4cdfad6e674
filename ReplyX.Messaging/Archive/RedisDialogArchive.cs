using System.Globalization;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// The archive in Redis: a dialog's segments in one hash by their last seq, a sorted set to find them by seq, and one for the
/// account to find them by age.
/// </summary>
internal sealed class RedisDialogArchive(RedisGateway redis) : IDialogArchive
{
    // Keeps each run of the delete script short.
    private const int DeletedAtOnce = 100;
    private const int ListedAtOnce = 1_000;

    private static readonly RedisScript _store = RedisScript.Load("Archive.store");
    private static readonly RedisScript _find = RedisScript.Load("Archive.find");
    private static readonly RedisScript _delete = RedisScript.Load("Archive.delete");
    private static readonly RedisScript _remove = RedisScript.Load("Archive.remove");

    public async Task StoreAsync(StreamKey dialog, ArchiveSegment segment, CancellationToken cancellationToken)
    {
        // Before the segment, or a crash in between hides it from retention. They lie in three slots, so no script takes them all.
        await redis.ExecuteAsync(database => database.SetAddAsync(RedisKeys.ArchiveAccounts, dialog.Account), cancellationToken);
        await redis.ExecuteAsync(
            database => database.SortedSetAddAsync(
                RedisKeys.SegmentsByAge(dialog.Account), ToMember(dialog, segment.Last), segment.NewestAt.ToUnixTimeMilliseconds()),
            cancellationToken);
        await redis.EvaluateNumberAsync(
            _store, [RedisKeys.Segments(dialog), RedisKeys.SegmentIndex(dialog)], [segment.Last, segment.Data], cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>?> FindAsync(StreamKey dialog, long seq, CancellationToken cancellationToken)
    {
        var segment = (byte[]?)await redis.ExecuteAsync(
            database => _find.EvaluateAsync(database, [RedisKeys.Segments(dialog), RedisKeys.SegmentIndex(dialog)], [seq]),
            cancellationToken);

        // Not "segment is null ? null : …": that null is an array's, which converts to an empty segment.
        return segment is null ? default(ReadOnlyMemory<byte>?) : segment;
    }

    public async Task<int> DeleteThroughAsync(SegmentId segment, CancellationToken cancellationToken)
    {
        var total = 0;
        RedisResult[] deleted;
        do
        {
            deleted = await redis.EvaluateAsync(
                _delete,
                [RedisKeys.Segments(segment.Dialog), RedisKeys.SegmentIndex(segment.Dialog)],
                [segment.Last, DeletedAtOnce],
                cancellationToken);
            total += deleted.Length;

            // The account's index goes last, so that the next sweep finishes what a crash tore; and of what it tore this one.
            RedisValue[] members = deleted.Length == 0
                ? [ToMember(segment.Dialog, segment.Last)]
                : [.. deleted.Select(last => ToMember(segment.Dialog, (long)last))];
            await ForgetAsync(segment.Dialog, members, cancellationToken);
        }
        while (deleted.Length > 0);
        return total;
    }

    public async Task<bool> DeleteAllAsync(StreamKey dialog, CancellationToken cancellationToken)
    {
        await DeleteThroughAsync(new SegmentId(dialog, long.MaxValue, DateTimeOffset.UnixEpoch), cancellationToken);

        // What a torn script has left in one of the two; the account's index has such a one until retention finds it there.
        await redis.ExecuteAsync(
            database => database.KeyDeleteAsync([RedisKeys.Segments(dialog), RedisKeys.SegmentIndex(dialog)]), cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<string>> ListAccountsAsync(CancellationToken cancellationToken)
    {
        var accounts = await redis.ExecuteAsync(database => database.SetMembersAsync(RedisKeys.ArchiveAccounts), cancellationToken);
        return [.. accounts.Select(account => (string)account!)];
    }

    public async Task<IReadOnlyList<SegmentId>> ListAsync(
        string account, DateTimeOffset from, DateTimeOffset to, int most, CancellationToken cancellationToken)
    {
        var members = await redis.ExecuteAsync(
            database => database.SortedSetRangeByScoreWithScoresAsync(
                RedisKeys.SegmentsByAge(account), from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), take: most),
            cancellationToken);
        return [.. members.Select(member => Parse(account, (string)member.Element!, member.Score))];
    }

    public async Task<bool> DeleteAccountAsync(string account, CancellationToken cancellationToken)
    {
        RedisKey byAge = RedisKeys.SegmentsByAge(account);
        SegmentId[] left;
        do
        {
            left = [.. await ListAsync(account, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, ListedAtOnce, cancellationToken)];
            foreach (var segments in left.GroupBy(segment => segment.Dialog))
            {
                await DeleteAllAsync(segments.Key, cancellationToken);

                // Those that a torn script has left here alone.
                await redis.ExecuteAsync(
                    database => database.SortedSetRemoveAsync(byAge, [.. segments.Select(segment => (RedisValue)$"{segment.Dialog.DialogId}:{segment.Last}")]),
                    cancellationToken);
            }
        }
        while (left.Length > 0);

        await redis.ExecuteAsync(database => database.SetRemoveAsync(RedisKeys.ArchiveAccounts, account), cancellationToken);
        return true;
    }

    /// <summary>Whether there is a dialog that its segments are of.</summary>
    public Task<bool> IsDialogThereAsync(StreamKey dialog, CancellationToken cancellationToken) =>
        redis.ExecuteAsync(database => database.KeyExistsAsync(RedisKeys.Dialog(dialog)), cancellationToken);

    /// <summary>How many segments an account has here.</summary>
    public Task<long> CountAsync(string account, CancellationToken cancellationToken) =>
        redis.ExecuteAsync(database => database.SortedSetLengthAsync(RedisKeys.SegmentsByAge(account)), cancellationToken);

    /// <summary>The bytes of the segment that ends at an event; null if there is none.</summary>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(StreamKey dialog, long last, CancellationToken cancellationToken)
    {
        var segment = (byte[]?)await redis.ExecuteAsync(database => database.HashGetAsync(RedisKeys.Segments(dialog), last), cancellationToken);
        return segment is null ? default(ReadOnlyMemory<byte>?) : segment;
    }

    /// <summary>Deletes one segment, if it has these very bytes or none at all.</summary>
    /// <returns>Whether it is gone.</returns>
    public async Task<bool> RemoveAsync(StreamKey dialog, long last, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (await redis.EvaluateNumberAsync(
            _remove, [RedisKeys.Segments(dialog), RedisKeys.SegmentIndex(dialog)], [last, data], cancellationToken) == 0)
        {
            return false;
        }

        await ForgetAsync(dialog, [ToMember(dialog, last)], cancellationToken);
        return true;
    }

    private Task<long> ForgetAsync(StreamKey dialog, RedisValue[] members, CancellationToken cancellationToken) =>
        redis.ExecuteAsync(database => database.SortedSetRemoveAsync(RedisKeys.SegmentsByAge(dialog.Account), members), cancellationToken);

    private static string ToMember(StreamKey dialog, long last) => string.Create(CultureInfo.InvariantCulture, $"{dialog.DialogId}:{last}");

    private static SegmentId Parse(string account, string member, double newest)
    {
        var colon = member.IndexOf(':', StringComparison.Ordinal);
        return new SegmentId(
            StreamKey.ForDialog(account, long.Parse(member.AsSpan(0, colon), CultureInfo.InvariantCulture)),
            long.Parse(member.AsSpan(colon + 1), CultureInfo.InvariantCulture),
            DateTimeOffset.FromUnixTimeMilliseconds((long)newest));
    }
}
