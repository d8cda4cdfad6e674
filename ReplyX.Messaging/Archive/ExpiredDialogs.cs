using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// Deletes whole dialogs whose last event has reached the account's age: log, segments, marks, keys, what leads their guests to them, and
/// last their row in the account's list, by which they are found. So whatever is cut off is found again and finished by the next sweep.
/// </summary>
internal sealed partial class ExpiredDialogs(
    RedisGateway redis, IDialogArchive archive, TimeProvider time, IOptions<MessagingOptions> messaging, ArchiveMetrics metrics, ILogger<ExpiredDialogs> logger)
{
    private const int AtOnce = 100;

    // Keeps each run of the script short.
    private const int FeedTrimmedAtOnce = 500;

    private static readonly RedisScript _expire = RedisScript.Load("Archive.expire");
    private static readonly RedisScript _unlink = RedisScript.Load("Archive.unlink");
    private static readonly RedisScript _delist = RedisScript.Load("Archive.delist");
    private static readonly RedisScript _trimFeed = RedisScript.Load("Archive.trim_feed");

    private readonly KeyBuckets _keys = new(messaging.Value.KeyLifetime);

    /// <summary>Deletes an account's dialogs in which nothing has happened since a time.</summary>
    /// <param name="account">The account.</param>
    /// <param name="latest">The latest time that a last event may have to go.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public async Task DeleteAsync(string account, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        var (deleted, kept) = (0, 0);
        RedisValue[] ids;
        do
        {
            var skip = kept;
            ids = await redis.ExecuteAsync(
                database => database.SortedSetRangeByScoreAsync(
                    RedisKeys.DialogIndex(account), stop: latest.ToUnixTimeMilliseconds(), skip: skip, take: AtOnce),
                cancellationToken);
            foreach (var id in ids)
            {
                var isDeleted = await RemoveAsync(StreamKey.ForDialog(account, (long)id), latest, cancellationToken);
                deleted += isDeleted ? 1 : 0;
                kept += isDeleted ? 0 : 1;
            }
        }
        while (ids.Length == AtOnce);

        // Lists read from there what has happened, with the beginnings of messages.
        while (await redis.EvaluateNumberAsync(
            _trimFeed, [RedisKeys.Feed(account)], [latest.ToUnixTimeMilliseconds(), FeedTrimmedAtOnce], cancellationToken) == 1)
        {
        }

        if (deleted > 0)
        {
            Log.Deleted(logger, deleted, account);
        }
    }

    /// <summary>Deletes one dialog.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="latest">The latest time that its last event may have to go; null to delete it whatever its age, listed or not.</param>
    /// <param name="cancellationToken">Stops between two steps; a repeat finishes.</param>
    /// <returns>Whether nothing is left of it.</returns>
    public async Task<bool> RemoveAsync(StreamKey dialog, DateTimeOffset? latest, CancellationToken cancellationToken)
    {
        var latestTime = (latest ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds();
        var now = time.GetUtcNow();
        var (_, buckets) = _keys.GetLive(dialog, now);
        var isGone = await redis.EvaluateNumberAsync(
            _expire,
            [
                RedisKeys.Dialog(dialog),
                RedisKeys.Going(dialog),
                RedisKeys.Log(dialog),
                RedisKeys.FlatIdempotencyKeys(dialog),
                RedisKeys.ReadMarks(dialog),
                RedisKeys.Resting(dialog),
                .. buckets,
            ],
            [latestTime, RedisKeys.ChannelName(dialog), BehindAll(now), latest is null ? "1" : "0"],
            cancellationToken) == 1;
        if (!isGone || !await archive.DeleteAllAsync(dialog, cancellationToken))
        {
            return false;
        }

        var owner = await redis.ExecuteAsync(
            database => database.HashGetAsync(RedisKeys.Going(dialog), [(RedisValue)"guest", (RedisValue)"site", (RedisValue)"mode"]),
            cancellationToken);
        if (owner is [{ IsNull: false } guest, { IsNull: false } site, { IsNull: false } mode])
        {
            var whose = new DialogOwner((string)guest!, (string)site!, WireNames.ToDialogMode((string)mode!));
            var assistant = new AssistantSite(dialog.Account, whose.SiteId);
            await redis.EvaluateNumberAsync(
                _unlink,
                [
                    RedisKeys.GuestDialogs(dialog.Account, whose.GuestId),
                    RedisKeys.OpenDialog(dialog.Account, whose),
                    RedisKeys.AssistantWork(assistant),
                    RedisKeys.AssistantJobs(assistant),
                ],
                [dialog.DialogId],
                cancellationToken);
            await redis.ExecuteAsync(database => database.KeyDeleteAsync(RedisKeys.Going(dialog)), cancellationToken);
        }

        var wasListed = await redis.EvaluateNumberAsync(
            _delist,
            [RedisKeys.DialogIndex(dialog.Account), RedisKeys.Projected(dialog.Account), RedisKeys.Asked(dialog.Account)],
            [
                dialog.DialogId,
                latestTime,
                RedisKeys.ChannelName(StreamKey.ForFeed(dialog.Account)),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"0 0 {now.ToUnixTimeMilliseconds()} -\n{{\"type\":\"dialog_removed\",\"dialog_id\":{dialog.DialogId},\"timestamp\":\"{EventTimestamp.Format(now)}\"}}"),
            ],
            cancellationToken);
        if (wasListed == 1 && latest is not null)
        {
            metrics.Expired();
        }

        return true;
    }

    // Never in a log: who hears it takes it for one that follows on others which were missed.
    private static string BehindAll(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{Cursor.MaxSeq} 0 {now.ToUnixTimeMilliseconds()} -\n{{}}");

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Dialogs} dialogs of {Account} have reached their age and are deleted")]
        public static partial void Deleted(ILogger logger, int dialogs, string account);
    }
}
