using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.Delivery;

/// <summary>
/// Finds events whose publish was lost and that nothing follows, so that no hole shows: they would be seen only at the next reconnect.
/// </summary>
/// <remarks>
/// A dialog that was quiet for a while is compared with the top of its log, once. From then on the feed of its account is read instead,
/// which tells of each event of every listed dialog: an account without news costs one small read, however many of its dialogs are open
/// here, and each dialog a look in half an hour. What the feed tells and has not come is given until the next round, since it may be on its way. Where the feed has more news than
/// there are dialogs, they are compared one by one for a while, and where it is not held any more, at least once.
/// </remarks>
internal sealed partial class PositionCheck(
    DeliveryLoops loops, DialogLog log, IOptions<RealtimeOptions> options, TimeProvider time, ILogger<PositionCheck> logger)
    : BackgroundService
{
    // A dialog is looked at within a sixth of the interval after it is due.
    private const int RoundsPerInterval = 6;

    // One pipeline's worth: the answers, at most 50 KB each but as a rule 300 bytes, are in memory at once.
    private const int BatchSize = 256;

    // News of a feed that are always read. Beyond it they must be fewer than the dialogs that would be compared instead.
    private const int FewNews = 256;

    // For how many intervals an account with more news is left alone, and a dialog whose account has none. What is wrong with a log of which
    // nothing is told is found by then.
    private const int Rest = 30;

    private readonly Dictionary<string, FeedCoverage> _coverages = [];
    private readonly List<(StreamKey Dialog, Cursor Stored)> _expected = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PositionCheckInterval / RoundsPerInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (MessagingUnavailableException)
            {
                // The next round goes on.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A log that cannot be read must not stop the node.
                Log.NotCompared(logger, exception);
            }
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        Expect();
        foreach (var coverage in _coverages.Values)
        {
            coverage.Followed = 0;
        }

        var quiet = new List<Quiet>();
        foreach (var loop in loops.All)
        {
            quiet.AddRange(await loop.InvokeAsync(() => FindQuiet(loop)));
        }

        foreach (var (account, coverage) in _coverages)
        {
            if (coverage.IsVoid
                ? time.GetElapsedTime(coverage.ReadAt) >= options.Value.PositionCheckInterval * Rest
                : coverage.Followed == 0)
            {
                _coverages.Remove(account);
            }
        }

        await ReadFeedsAsync(cancellationToken);
        await CoverAsync(quiet, cancellationToken);
        foreach (var batch in quiet.Chunk(BatchSize))
        {
            await CompareAsync(batch, cancellationToken);
        }
    }

    // What was told the last time has had the time to come.
    private void Expect()
    {
        foreach (var told in _expected.GroupBy(told => loops.Of(told.Dialog)))
        {
            var loop = told.Key;
            var expected = told.ToArray();
            loop.Post(() =>
            {
                foreach (var (dialog, stored) in expected)
                {
                    loop.Find(dialog)?.Expect(stored);
                }
            });
        }

        _expected.Clear();
    }

    private List<Quiet> FindQuiet(DeliveryLoop loop)
    {
        var quiet = new List<Quiet>();
        foreach (var channel in loop.Channels)
        {
            var atLeast = Jittered();
            if (channel.Coverage is { IsVoid: false } coverage)
            {
                coverage.Followed++;
                atLeast *= Rest;
            }
            else if (channel.Coverage is not null)
            {
                channel.LoseCoverage(atLeast);
            }

            if (channel.IsQuiet(atLeast, out var head))
            {
                quiet.Add(new Quiet(loop, channel, head));
            }
        }

        return quiet;
    }

    private async Task ReadFeedsAsync(CancellationToken cancellationToken)
    {
        var due = _coverages.Values.Where(coverage => !coverage.IsVoid && time.GetElapsedTime(coverage.ReadAt) >= Jittered()).ToArray();
        foreach (var batch in due.Chunk(BatchSize))
        {
            var heads = await log.GetHeadsAsync([.. batch.Select(coverage => coverage.Feed)], cancellationToken);
            for (var i = 0; i < batch.Length; i++)
            {
                if (heads[i] != batch[i].Head)
                {
                    await ReadOnAsync(batch[i], heads[i], cancellationToken);
                }

                batch[i].ReadAt = time.GetTimestamp();
            }
        }
    }

    private async Task ReadOnAsync(FeedCoverage coverage, Cursor head, CancellationToken cancellationToken)
    {
        if (head.Seq - coverage.Head.Seq > Math.Max(FewNews, coverage.Followed))
        {
            coverage.IsVoid = true;
            return;
        }

        var told = new Dictionary<StreamKey, Cursor>();
        LogPage page;
        do
        {
            page = await log.ReadAfterAsync(coverage.Feed, coverage.Head, BatchSize, cancellationToken);
            if (!page.Held)
            {
                coverage.IsVoid = true;
                _coverages.Remove(coverage.Feed.Account);
                return;
            }

            foreach (var entry in page.Entries)
            {
                if (entry.TryGetTold(out var dialogId, out var stored))
                {
                    told[StreamKey.ForDialog(coverage.Feed.Account, dialogId)] = stored;
                }
            }

            await ExpectLaterAsync(told);
            coverage.Head = page.Entries is [.., var last] ? last.Cursor : coverage.Head;
            told.Clear();
        }
        while (page.HasMore);
    }

    // Of what was told, that which has not come here yet.
    private async Task ExpectLaterAsync(Dictionary<StreamKey, Cursor> told)
    {
        foreach (var ofLoop in told.GroupBy(one => loops.Of(one.Key)))
        {
            var loop = ofLoop.Key;
            _expected.AddRange(await loop.InvokeAsync(() =>
                ofLoop.Where(one => loop.Find(one.Key)?.IsBehind(one.Value) == true).Select(one => (one.Key, one.Value)).ToList()));
        }
    }

    // Before the dialogs are looked at: what comes after that look is then told by the feed.
    private async Task CoverAsync(List<Quiet> quiet, CancellationToken cancellationToken)
    {
        var accounts = quiet.Where(one => !one.Channel.Key.IsFeed).Select(one => one.Channel.Key.Account).Distinct()
            .Where(account => !_coverages.ContainsKey(account)).ToArray();
        foreach (var batch in accounts.Chunk(BatchSize))
        {
            var heads = await log.GetHeadsAsync([.. batch.Select(StreamKey.ForFeed)], cancellationToken);
            for (var i = 0; i < batch.Length; i++)
            {
                _coverages[batch[i]] = new FeedCoverage(batch[i], heads[i], time.GetTimestamp());
            }
        }
    }

    private async Task CompareAsync(Quiet[] batch, CancellationToken cancellationToken)
    {
        var standings = await log.GetStandingsAsync([.. batch.Select(one => one.Channel.Key)], cancellationToken);
        foreach (var ofLoop in batch.Zip(standings).GroupBy(one => one.First.Loop))
        {
            var compared = ofLoop
                .Select(one => (one.First.Channel, one.First.Head, Top: one.Second.Head, Coverage: one.Second.IsListed ? CoverageOf(one.First.Channel.Key) : null))
                .ToArray();
            ofLoop.Key.Post(() =>
            {
                foreach (var (channel, head, top, coverage) in compared)
                {
                    channel.Compare(head, top);
                    channel.Coverage = coverage;
                }
            });
        }
    }

    private FeedCoverage? CoverageOf(StreamKey dialog) => _coverages.GetValueOrDefault(dialog.Account) is { IsVoid: false } coverage ? coverage : null;

    // Jittered, so that dialogs that fell silent together are not asked for together for ever.
    private TimeSpan Jittered() => options.Value.PositionCheckInterval * (0.75 + (Random.Shared.NextDouble() / 2));

    /// <summary>A dialog or feed that was quiet, and the event that it stood at.</summary>
    private readonly record struct Quiet(DeliveryLoop Loop, DialogChannel Channel, Cursor Head);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Quiet dialogs could not be compared with their logs")]
        public static partial void NotCompared(ILogger logger, Exception exception);
    }
}
