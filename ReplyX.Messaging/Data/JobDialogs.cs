using System.Globalization;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Data;

/// <summary>
/// The dialogs that a job goes through, found once and kept by their ids, so that one that is written in meanwhile is neither missed nor met
/// twice, and a worker goes on where another ended.
/// </summary>
internal sealed class JobDialogs(RedisGateway redis, IOptions<DataOptions> options)
{
    private const int PageSize = 500;

    /// <summary>
    /// Finds an account's dialogs, or a visitor's. A visitor's are also looked for in the whole list: what leads a visitor to their dialogs
    /// lives a year, and a dialog as long as the account wants. Done again it adds what has come.
    /// </summary>
    /// <returns>How many there are.</returns>
    public async Task<long> FindAsync(DataJobLease lease, CancellationToken cancellationToken)
    {
        var (account, visitor) = (lease.Account, lease.Job.VisitorId);
        if (visitor is not null)
        {
            await AddAsync(
                lease,
                await redis.ExecuteAsync(database => database.SortedSetRangeByRankAsync(RedisKeys.GuestDialogs(account, visitor)), cancellationToken),
                cancellationToken);
        }

        RedisKey index = RedisKeys.DialogIndex(account);
        var at = "0";
        do
        {
            var reply = (RedisResult[])(await redis.ExecuteAsync(
                database => database.ExecuteAsync("ZSCAN", index, at, "COUNT", PageSize), cancellationToken))!;
            at = (string)reply[0]!;

            // Members and their scores by turns.
            RedisValue[] ids = [.. ((RedisValue[])reply[1]!).Where((_, i) => i % 2 == 0)];
            await AddAsync(lease, visitor is null ? ids : await SelectAsync(account, visitor, ids, cancellationToken), cancellationToken);
            await lease.SaveAsync(cancellationToken);
        }
        while (at != "0");

        return await redis.ExecuteAsync(database => database.SortedSetLengthAsync(KeyOf(lease)), cancellationToken);
    }

    /// <summary>The next dialogs by their ids.</summary>
    public async Task<IReadOnlyList<StreamKey>> ReadAsync(DataJobLease lease, long after, int most, CancellationToken cancellationToken)
    {
        var ids = await redis.ExecuteAsync(
            database => database.SortedSetRangeByScoreAsync(KeyOf(lease), after, exclude: Exclude.Start, take: most), cancellationToken);
        return [.. ids.Select(id => StreamKey.ForDialog(lease.Account, (long)id))];
    }

    private async Task<RedisValue[]> SelectAsync(string account, string visitor, RedisValue[] ids, CancellationToken cancellationToken)
    {
        var guests = await redis.ExecuteAsync(
            database => Task.WhenAll(ids.Select(async id =>
            {
                // Of one that retention is just deleting, what is left.
                var dialog = StreamKey.ForDialog(account, (long)id);
                var guest = database.HashGetAsync(RedisKeys.Dialog(dialog), "guest");
                var going = database.HashGetAsync(RedisKeys.Going(dialog), "guest");
                return await guest is { IsNull: false } known ? known : await going;
            })),
            cancellationToken);
        return [.. ids.Where((_, i) => guests[i] == visitor)];
    }

    private async Task AddAsync(DataJobLease lease, RedisValue[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
        {
            return;
        }

        var entries = Array.ConvertAll(ids, id => new SortedSetEntry(id, double.Parse((string)id!, CultureInfo.InvariantCulture)));
        await redis.ExecuteAsync(
            async database =>
            {
                // A worker whose job was taken back may come too late.
                await database.SortedSetAddAsync(KeyOf(lease), entries);
                return await database.KeyExpireAsync(KeyOf(lease), options.Value.JobLifetime);
            },
            cancellationToken);
    }

    private static RedisKey KeyOf(DataJobLease lease) => RedisKeys.DataJobDialogs(lease.Account, lease.Job.Id);
}
