using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using StackExchange.Redis;

namespace ReplyX.Messaging.Archive;

/// <summary>
/// Moves what is beyond a log's window into the archive: seal and store, then move the dialog's mark, then trim below the mark.
/// Each step is harmless to repeat and to do twice at once, and a crash between any two leaves every event readable: before the
/// mark moves the log has it, and after that both do.
/// </summary>
internal sealed partial class DialogArchiver(
    RedisGateway redis,
    LogReader log,
    IDialogArchive archive,
    TimeProvider time,
    IOptions<ArchiveOptions> options,
    IOptions<MessagingOptions> messaging,
    ArchiveMetrics metrics,
    ILogger<DialogArchiver> logger)
{
    // Keeps each run of the trim script short.
    private const int TrimmedAtOnce = 256;

    // Each time somebody else has to change the dialog, or archive it, between two steps.
    private const int RestAttempts = 4;

    private static readonly RedisScript _mark = RedisScript.Load("Archive.mark");
    private static readonly RedisScript _trim = RedisScript.Load("Archive.trim");
    private static readonly RedisScript _rest = RedisScript.Load("Archive.rest");

    private readonly ArchiveOptions _options = options.Value;
    private readonly KeyBuckets _keys = new(messaging.Value.KeyLifetime);

    /// <summary>Archives and trims one dialog as far as its log goes beyond the window.</summary>
    public async Task ArchiveAsync(StreamKey dialog, CancellationToken cancellationToken)
    {
        while (await ArchiveSegmentAsync(dialog, _options.WindowEvents, sealsAll: false, cancellationToken))
        {
            await TrimAsync(dialog, cancellationToken);
        }

        await TrimAsync(dialog, cancellationToken);
    }

    /// <summary>
    /// Lays a dialog to rest if nobody has written in it since a time: archives its log to the end, and takes the log away unless an append
    /// came in between. Where it was cut off, the log is whole, and the repeat goes on.
    /// </summary>
    /// <returns>Whether it is at rest by this.</returns>
    public async Task<bool> RestAsync(StreamKey dialog, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= RestAttempts; attempt++)
        {
            var top = await log.ReadLogAsync(dialog, LogPosition.Tail, 1, _options.SegmentBytes, cancellationToken);
            if (top.Entries is not [var last] || last.AppendedAtUnixMilliseconds > latest.ToUnixTimeMilliseconds())
            {
                // Somebody has, or it is at rest already, or gone.
                return false;
            }

            if (!await IsAtMarkAsync(dialog, cancellationToken))
            {
                metrics.Failed(ArchiveFailure.Mismatch);
                Log.MarkMismatch(logger, dialog);
                return false;
            }

            while (await ArchiveSegmentAsync(dialog, window: 0, sealsAll: true, cancellationToken))
            {
            }

            var hash = await redis.ExecuteAsync(database => database.HashGetAllAsync(RedisKeys.Dialog(dialog)), cancellationToken);
            var (going, coming) = PackedFields.Pack(hash, dialog.IsSpread ? SpreadSummary.ToFields(last, hash) : []);
            var (_, buckets) = _keys.GetLive(dialog, time.GetUtcNow());
            var isAtRest = await redis.EvaluateNumberAsync(
                _rest,
                [
                    RedisKeys.Log(dialog),
                    RedisKeys.FlatIdempotencyKeys(dialog),
                    RedisKeys.Dialog(dialog),
                    RedisKeys.ReadMarks(dialog),
                    RedisKeys.Resting(dialog),
                    .. buckets,
                ],
                [latest.ToUnixTimeMilliseconds(), going.Length, .. PackedFields.Flatten(going), .. PackedFields.Flatten(coming)],
                cancellationToken) == 1;
            if (isAtRest)
            {
                metrics.Rested();
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out of a log what is archived, beyond the window and old enough.</summary>
    public async Task TrimAsync(StreamKey dialog, CancellationToken cancellationToken)
    {
        string? outcome;
        do
        {
            var now = time.GetUtcNow();
            var (firstBucket, buckets) = _keys.GetLive(dialog, now);
            var reply = await redis.EvaluateAsync(
                _trim,
                [RedisKeys.Log(dialog), RedisKeys.FlatIdempotencyKeys(dialog), RedisKeys.Dialog(dialog), .. buckets],
                [
                    _options.WindowEvents,
                    (now - _options.MinAge).ToUnixTimeMilliseconds(),
                    _options.MaxLogEvents,
                    TrimmedAtOnce,
                    _keys.Period,
                    firstBucket,
                ],
                cancellationToken);
            outcome = (string?)reply[0];
            metrics.Trimmed((int)reply[1]);
            if (outcome == "mismatch")
            {
                metrics.Failed(ArchiveFailure.Mismatch);
                Log.MarkMismatch(logger, dialog);
            }
        }
        while (outcome == "more");
    }

    /// <summary>Archives what follows the mark, as much as a segment takes.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="window">How many of the latest events stay out of it.</param>
    /// <param name="sealsAll">Whether a segment is sealed that is not full.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether a segment was archived, so that there may be another.</returns>
    private async Task<bool> ArchiveSegmentAsync(StreamKey dialog, int window, bool sealsAll, CancellationToken cancellationToken)
    {
        var (listed, mark) = await GetMarkAsync(dialog, cancellationToken);
        if (!listed)
        {
            // It expires as a whole, and a segment would outlive it.
            return false;
        }

        var top = await log.ReadLogAsync(dialog, LogPosition.Tail, 0, 0, cancellationToken);
        var wanted = (int)Math.Min(_options.SegmentEvents, top.Head.Seq - window - mark);
        if (wanted <= 0)
        {
            return false;
        }

        // Sealed when full by count or by bytes. What it holds follows from the mark alone, so that two archivers seal the same. The end of an
        // idle dialog is sealed as it is: an append between two archivers makes two segments of it, and that of the one who moves the mark counts.
        var read = await log.ReadLogAsync(dialog, LogPosition.From(mark + 1), wanted, _options.SegmentBytes, cancellationToken);
        var entries = read.Entries;
        if (!sealsAll && entries.Count < _options.SegmentEvents && entries.Count == wanted)
        {
            return false;
        }

        if (entries.Count == 0 || entries[0].Seq != mark + 1)
        {
            // Another archiver may have moved on between the reads; otherwise there is a hole, and nothing may hide it.
            if ((await GetMarkAsync(dialog, cancellationToken)).Mark == mark && read.First > mark + 1)
            {
                metrics.Failed(ArchiveFailure.Hole);
                Log.Hole(logger, dialog, mark, read.First);
            }

            return false;
        }

        var segment = SegmentFormat.Seal(dialog, entries);
        await archive.StoreAsync(dialog, segment, cancellationToken);
        var moved = await redis.EvaluateNumberAsync(
            _mark, [RedisKeys.Dialog(dialog)], [mark, segment.Last, entries[^1].Cursor.NonceText], cancellationToken);
        if (moved == 1)
        {
            // Before the log is trimmed, so that no reader meets them.
            await archive.DeleteWithinAsync(dialog, segment.First, segment.Last, cancellationToken);
            metrics.Archived();
            Log.Archived(logger, dialog, segment.First, segment.Last, segment.Data.Length);
        }
        else if (!await redis.ExecuteAsync(database => database.KeyExistsAsync(RedisKeys.Dialog(dialog)), cancellationToken))
        {
            // It was deleted after its log was read, and nothing of it may come back.
            await archive.DeleteAllAsync(dialog, cancellationToken);
        }

        return moved == 1;
    }

    /// <summary>Whether a log that holds the event at its mark holds the very one that was archived: nothing holds what is in another log.</summary>
    private async Task<bool> IsAtMarkAsync(StreamKey dialog, CancellationToken cancellationToken)
    {
        var mark = await redis.ExecuteAsync(database => database.HashGetAsync(RedisKeys.Dialog(dialog), "archived"), cancellationToken);
        if (mark.IsNull || !Cursor.TryParse((byte[])mark!, (byte)' ', out var cursor, out _))
        {
            return mark.IsNull;
        }

        var read = await log.ReadLogAsync(dialog, LogPosition.From(cursor.Seq), 1, _options.SegmentBytes, cancellationToken);
        return read.Entries is not [var entry] || entry.Seq != cursor.Seq || entry.Cursor == cursor;
    }

    private async Task<(bool Listed, long Mark)> GetMarkAsync(StreamKey dialog, CancellationToken cancellationToken)
    {
        var fields = await redis.ExecuteAsync(
            database => database.HashGetAsync(RedisKeys.Dialog(dialog), [(RedisValue)"listed", (RedisValue)"archived"]), cancellationToken);
        string? mark = fields[1];
        return (fields[0] == "1", mark is null ? 0 : long.Parse(mark.AsSpan(0, mark.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "Archived {First} to {Last} of {Dialog} in {Bytes} bytes")]
        public static partial void Archived(ILogger logger, StreamKey dialog, long first, long last, int bytes);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The log of {Dialog} does not hold the event at its archived mark; it is not trimmed")]
        public static partial void MarkMismatch(ILogger logger, StreamKey dialog);

        [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The archive of {Dialog} ends at {Mark} and its log starts at {First}; what was between is lost")]
        public static partial void Hole(ILogger logger, StreamKey dialog, long mark, long first);
    }
}
