using System.Collections.Concurrent;
using System.Diagnostics;
using ReplyX.Client;
using ReplyX.Samples.Replay.Conversations;
using ReplyX.Samples.Replay.Judging;
using ReplyX.Samples.Replay.Playing;

namespace ReplyX.Samples.Replay;

/// <summary>Plays conversations through a running graph and accounts for every event at every socket.</summary>
public static class ConversationReplay
{
    private const int MaxFailures = 50;

    /// <summary>The graph's own limits slow a replay down; they must not end it.</summary>
    private const int MaxAttempts = 100;

    /// <summary>Plays everything once.</summary>
    /// <param name="options">What, against what, and how fast.</param>
    /// <param name="progress">Told after each line; null for nobody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The account.</returns>
    /// <exception cref="ConversationFormatException">A conversation breaks a rule.</exception>
    /// <exception cref="ReplyXApiException">The Api does not answer, or refuses the operators.</exception>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static async Task<ReplayReport> RunAsync(
        ReplayOptions options, IProgress<ReplayProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var conversations = Enumerable.Repeat(ConversationReader.ReadFolder(options.Conversations), options.Repeat).SelectMany(c => c).ToList();
        if (conversations.Count == 0)
        {
            throw new ArgumentException($"There are no conversations in {options.Conversations}.", nameof(options));
        }

        using var http = new HttpClient { BaseAddress = options.Api };
        var api = new ReplyXApiClient(http, new ReplyXApiOptions { MaxAttempts = MaxAttempts });
        var started = Stopwatch.GetTimestamp();
        var operators = new List<OperatorSession>();
        foreach (var login in options.Operators)
        {
            // One attempt is enough to see that nothing is there; what comes after has more patience.
            var first = new ReplyXApiClient(http, new ReplyXApiOptions { MaxAttempts = 3 });
            operators.Add(new OperatorSession(api, (await first.SignInAsync(login, options.Password, cancellationToken)).Require()));
        }

        var siteToken = (await operators[0].GetSiteTokenAsync(options.SiteId, cancellationToken)).Require();
        var run = new Run(conversations, progress);
        var stage = new Stage(options, api, operators, siteToken, $"r{Guid.CreateVersion7():N}", run.LineDone);
        var lists = await StartListsAsync(stage, cancellationToken);
        try
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(
                conversations.Index(),
                new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellationToken },
                (item, stop) => run.PlayAsync(stage, item.Item, item.Index, stop));
            await SettleListsAsync(stage, lists, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(lists.Select(l => l.DisposeAsync().AsTask()));
        }

        var listRecords = await Task.WhenAll(lists.Select(l => l.StopAsync()));
        return run.Report(options, listRecords, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<IReadOnlyList<SocketRecorder>> StartListsAsync(Stage stage, CancellationToken cancellationToken)
    {
        // The lists' address is known from a dialog's only. A dialog in which no visitor ever wrote is in no list and expires.
        var probe = (await stage.Api.OpenWidgetDialogAsync(stage.Options.AssistantId, cancellationToken: cancellationToken)).Require();
        var realtime = RealtimeUrls.SameServiceAs(probe.RealtimeUrl);
        var sockets = new List<SocketRecorder>();
        foreach (var person in stage.Operators)
        {
            var cursor = (await person.ReadDialogsAsync(cancellationToken)).Require().Cursor;
            for (var i = 1; i <= stage.Options.SocketsPerSide; i++)
            {
                sockets.Add(new SocketRecorder($"list of {person.Name} {i}", person.ListOptions(realtime, cursor)));
            }
        }

        await Task.WhenAll(sockets.Select(s => s.StartAsync(stage.Options.Patience, cancellationToken)));
        return sockets;
    }

    private static async Task SettleListsAsync(Stage stage, IReadOnlyList<SocketRecorder> lists, CancellationToken cancellationToken)
    {
        var head = (await stage.Operators[0].ReadDialogsAsync(cancellationToken)).Require().Cursor?.Seq ?? 0;
        await Task.WhenAll(lists.Select(l => l.UntilAsync(head, stage.Options.Patience, cancellationToken)));
        await Task.Delay(stage.Options.Linger, cancellationToken);
    }

    /// <summary>What is gathered while dialogs are played.</summary>
    private sealed class Run(IReadOnlyList<Conversation> conversations, IProgress<ReplayProgress>? progress)
    {
        private readonly ConcurrentBag<DialogRecord> _dialogs = [];
        private readonly ConcurrentQueue<string> _failures = new();
        private readonly long _lines = conversations.Sum(c => (long)c.Lines.Count);
        private long _linesDone;
        private int _done;

        internal async ValueTask PlayAsync(Stage stage, Conversation conversation, int number, CancellationToken cancellationToken)
        {
            try
            {
                _dialogs.Add(await new DialogPlayer(stage, conversation, number).PlayAsync(cancellationToken));
            }
            catch (ReplayException e)
            {
                _failures.Enqueue(e.Message);
            }

            Interlocked.Increment(ref _done);
            Tell(conversation.Name);
        }

        internal void LineDone()
        {
            Interlocked.Increment(ref _linesDone);
            Tell(null);
        }

        internal ReplayReport Report(ReplayOptions options, IReadOnlyList<SocketRecord> lists, TimeSpan duration)
        {
            var judge = new ReplayJudge(_dialogs, lists);
            var sockets = _dialogs.SelectMany(d => d.Sockets).Concat(lists).ToList();
            return new ReplayReport
            {
                Seed = options.Seed,
                Duration = duration,
                Dialogs = _dialogs.Count,
                Sent = _dialogs.Sum(d => (long)d.Sent.Count),
                Steps = _dialogs.Sum(d => (long)d.Steps.Count),
                Sockets = sockets.Count,
                Dialog = judge.Dialog,
                List = judge.List,
                Delivery = LatencySummary.Of(_dialogs.SelectMany(Deliveries)),
                Answer = LatencySummary.Of(_dialogs.SelectMany(d => Timed(d).Select(s => Stopwatch.GetElapsedTime(s.StartedAt, s.AnsweredAt)))),
                NotTimed = _dialogs.Sum(d => (long)d.Sent.Count(s => s.Attempts > 1)),
                Reconnects = sockets.Sum(s => Math.Max(0, s.Statistics.Connects - 1)),
                SocketsByNode = sockets.GroupBy(s => s.Node).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count()),
                DialogsOnSeveralNodes = _dialogs.Count(d => d.Sockets.Select(s => s.Node).Distinct().Count() > 1),
                Failures = [.. _failures.Concat(judge.Faults).Take(MaxFailures)],
            };
        }

        private static IEnumerable<SentEvent> Timed(DialogRecord dialog) => dialog.Sent.Where(s => s.Attempts == 1);

        private static IEnumerable<TimeSpan> Deliveries(DialogRecord dialog)
        {
            var sent = Timed(dialog).ToDictionary(s => s.Cursor.Seq);
            foreach (var got in dialog.Sockets.SelectMany(s => s.Events))
            {
                // Nothing that was read over HTTP after a loss: that is no delivery.
                if (got.ReceivedTimestamp > 0 && sent.TryGetValue(got.Seq, out var origin))
                {
                    yield return Stopwatch.GetElapsedTime(origin.StartedAt, got.ReceivedTimestamp);
                }
            }
        }

        private void Tell(string? finished) => progress?.Report(new ReplayProgress(
            conversations.Count, Volatile.Read(ref _done), _lines, Interlocked.Read(ref _linesDone), finished));
    }
}
