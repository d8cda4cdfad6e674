using Microsoft.Extensions.Logging;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// Moves what is in Redis into the files, where those are the store: each segment is checked, stored, read back, and only then deleted in
/// Redis, if it is still the same there. Readers find it in one of the two at every moment. It begins anew wherever it was cut off, and
/// processes that move at once take different ways through an account, and do no harm where they meet.
/// </summary>
internal sealed partial class ArchiveMover(IDialogArchive archive, ArchiveMetrics metrics, TimeProvider time, ILogger<ArchiveMover> logger)
{
    private const int ListedAtOnce = 1_000;

    private static readonly TimeSpan _reportInterval = TimeSpan.FromSeconds(30);

    /// <summary>Moves all that is there now, if there is anything to move.</summary>
    /// <returns>How many segments were moved.</returns>
    public async Task<long> MoveAsync(CancellationToken cancellationToken)
    {
        if (archive is not RedisAndFilesArchive { Store: ArchiveStore.Files } both)
        {
            return 0;
        }

        var accounts = (await both.Redis.ListAccountsAsync(cancellationToken)).ToArray();
        var total = 0L;
        foreach (var account in accounts)
        {
            total += await both.Redis.CountAsync(account, cancellationToken);
        }

        if (total == 0)
        {
            return 0;
        }

        Log.Begun(logger, total, accounts.Length);
        Random.Shared.Shuffle(accounts);
        var progress = new Progress(total, time.GetTimestamp());
        foreach (var account in accounts)
        {
            await MoveAsync(both, account, progress, cancellationToken);
        }

        Log.Ended(logger, progress.Moved, progress.Left);
        return progress.Moved;
    }

    private async Task MoveAsync(RedisAndFilesArchive both, string account, Progress progress, CancellationToken cancellationToken)
    {
        var from = DateTimeOffset.UnixEpoch;
        while (true)
        {
            var segments = (await both.Redis.ListAsync(account, from, DateTimeOffset.MaxValue, ListedAtOnce, cancellationToken)).ToArray();
            if (segments.Length == 0)
            {
                return;
            }

            // What stays is listed again, so go on behind it when nothing else is.
            var last = segments[^1].NewestAt;
            Random.Shared.Shuffle(segments);
            var gone = 0;
            foreach (var segment in segments)
            {
                gone += await MoveAsync(both, segment, progress, cancellationToken) ? 1 : 0;
                if (time.GetElapsedTime(progress.ReportedAt) >= _reportInterval)
                {
                    progress.ReportedAt = time.GetTimestamp();
                    Log.UnderWay(logger, progress.Moved, progress.Total);
                }
            }

            from = gone == 0 ? last.AddMilliseconds(1) : last;
        }
    }

    /// <returns>Whether it is gone from Redis.</returns>
    private async Task<bool> MoveAsync(RedisAndFilesArchive both, SegmentId id, Progress progress, CancellationToken cancellationToken)
    {
        if (await both.Redis.GetAsync(id.Dialog, id.Last, cancellationToken) is not { } data)
        {
            // Another one has moved it, retention has deleted it, or a crash has left its entry alone.
            return await both.Redis.RemoveAsync(id.Dialog, id.Last, default, cancellationToken);
        }

        try
        {
            var segment = SegmentFormat.Reseal(id.Dialog, data);
            await both.Files.StoreAsync(id.Dialog, segment, cancellationToken);
            if (await both.Redis.GetAsync(id.Dialog, id.Last, cancellationToken) is null
                && !await both.Redis.IsDialogThereAsync(id.Dialog, cancellationToken))
            {
                // It was deleted after it was read, and nothing of it may come back.
                await both.DeleteAllAsync(id.Dialog, cancellationToken);
                return true;
            }

            if (await both.Files.FindAsync(id.Dialog, id.Last, cancellationToken) is not { } stored || !stored.Span.SequenceEqual(data.Span))
            {
                // Replaced or deleted this moment. The next round sees what became of it.
                progress.Left++;
                return false;
            }
        }
        catch (ArchiveDamagedException exception)
        {
            // It stays what it is, for whoever looks.
            progress.Left++;
            Log.Damaged(logger, id.Dialog, id.Last, exception.Message);
            return false;
        }

        if (!await both.Redis.RemoveAsync(id.Dialog, id.Last, data, cancellationToken))
        {
            progress.Left++;
            return false;
        }

        progress.Moved++;
        metrics.Moved();
        return true;
    }

    private sealed class Progress(long total, long reportedAt)
    {
        public long Total => total;

        public long Moved { get; set; }

        public long Left { get; set; }

        public long ReportedAt { get; set; } = reportedAt;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Moving {Total} archived segments of {Accounts} accounts from Redis to files")]
        public static partial void Begun(ILogger logger, long total, int accounts);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Moved {Moved} of {Total} archived segments from Redis to files")]
        public static partial void UnderWay(ILogger logger, long moved, long total);

        [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Moved {Moved} archived segments from Redis to files; {Left} are left")]
        public static partial void Ended(ILogger logger, long moved, long left);

        [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "The segment of {Dialog} that ends at {Last} stays in Redis: {Reason}")]
        public static partial void Damaged(ILogger logger, StreamKey dialog, long last, string reason);
    }
}
