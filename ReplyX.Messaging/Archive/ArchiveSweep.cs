using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// What only time makes due: dialogs and segments that grew too old are deleted, and logs that were archived but held events too young
/// to go are trimmed. Any number of processes may sweep at once.
/// </summary>
internal sealed partial class ArchiveSweep(
    RedisGateway redis,
    AccountDirectory accounts,
    IDialogArchive archive,
    DialogArchiver archiver,
    ExpiredDialogs expired,
    RetentionSettings retention,
    TimeProvider time,
    IOptions<ArchiveOptions> options,
    ArchiveMetrics metrics,
    ILogger<ArchiveSweep> logger)
{
    // Ids, not segments: a round of the first and all of the second are a few megabytes at most.
    private const int DeletedAtOnce = 1_000;
    private const int TrimmedAtOnce = 100_000;

    private static readonly RedisScript _raiseFloor = RedisScript.Load("Archive.raise_floor");

    /// <param name="lookback">How far back to look for logs to trim: no less than the time since the last sweep.</param>
    /// <param name="cancellationToken">Stops between two dialogs.</param>
    public async Task SweepAsync(TimeSpan lookback, CancellationToken cancellationToken)
    {
        foreach (var account in (await accounts.ListAsync(cancellationToken)).Union(await archive.ListAccountsAsync(cancellationToken)))
        {
            if (await retention.GetAsync(account, cancellationToken) is { } age)
            {
                var cutoff = time.GetUtcNow() - age;
                await expired.DeleteAsync(account, cutoff.AddMilliseconds(-1), cancellationToken);
                await DeleteOlderAsync(account, cutoff, cancellationToken);
            }

            var trimmable = time.GetUtcNow() - options.Value.MinAge;
            var segments = await archive.ListAsync(account, trimmable - lookback, trimmable, TrimmedAtOnce, cancellationToken);
            foreach (var dialog in segments.Select(segment => segment.Dialog).Distinct())
            {
                await archiver.TrimAsync(dialog, cancellationToken);
            }
        }
    }

    private async Task DeleteOlderAsync(string account, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        IReadOnlyList<SegmentId> old;
        int deleted;
        do
        {
            deleted = 0;
            old = await archive.ListAsync(account, DateTimeOffset.UnixEpoch, cutoff.AddMilliseconds(-1), DeletedAtOnce, cancellationToken);
            foreach (var segments in old.GroupBy(segment => segment.Dialog))
            {
                deleted += await DeleteAsync(segments.MaxBy(segment => segment.Last), cancellationToken);
            }
        }
        while (old.Count == DeletedAtOnce && deleted > 0);
    }

    // A dialog's oldest events go, whichever of its segments is named: clocks that differ must not tear a hole.
    private async Task<int> DeleteAsync(SegmentId segment, CancellationToken cancellationToken)
    {
        var (dialog, last, _) = segment;

        // Readers are told first, so that no event is missed that was still promised.
        var mayGo = await redis.EvaluateNumberAsync(_raiseFloor, [RedisKeys.Dialog(dialog)], [last + 1], cancellationToken);
        if (mayGo == 0)
        {
            // It is being archived this moment.
            return 0;
        }

        var deleted = await archive.DeleteThroughAsync(segment, cancellationToken);
        metrics.Deleted(deleted);
        Log.Deleted(logger, dialog, last, deleted);
        return deleted;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The events of {Dialog} up to {Last} have reached their age: {Segments} segments deleted")]
        public static partial void Deleted(ILogger logger, StreamKey dialog, long last, int segments);
    }
}
