using System.Diagnostics;
using System.Globalization;
using ReplyX.Client;
using ReplyX.Recorder.Chaos;
using ReplyX.Recorder.Cluster;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;
using ReplyX.Recorder.Traffic;
using ReplyX.Testing;

namespace ReplyX.Recorder;

/// <summary>One run: a cluster, everybody on it, chaos, calm, and the judgement.</summary>
internal sealed class Recording : IAsyncDisposable
{
    private const int AtOnce = 16;

    /// <summary>
    /// Attempts that a socket may need from a drain to another node. The proxy sends half of them back to the one that drains, so that
    /// of a hundred sockets one needs eleven in every tenth drain, and one more than this in every ten thousandth.
    /// </summary>
    private const int FewAttempts = 20;

    private static readonly TimeSpan _progressEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest that a quiet dialog's event may take to its watchers: a socket that is down when the event is stored may wait that
    /// long before it tries again.
    /// </summary>
    private static readonly TimeSpan _quietLimit = TimeSpan.FromSeconds(30);

    /// <summary>What a process left untold is found by a sweep of the one that holds the lease, or that takes it over.</summary>
    private static readonly TimeSpan _toldWithin = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan _answersLimit = TimeSpan.FromSeconds(90);

    /// <summary>The longest wait of the client library is 15 s, and one attempt may fail for a reason of its own.</summary>
    private static readonly TimeSpan _settleLimit = TimeSpan.FromSeconds(60);

    private readonly RecorderOptions _options;
    private readonly Action<string> _say;
    private readonly RecordedCluster _cluster;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly HttpClient _http;
    private readonly ReplyXApiClient _api;
    private readonly ReplyXApiClient _eager;
    private readonly Random _random;
    private readonly Violations _violations = new();
    private readonly TrafficCounts _counts = new();
    private readonly List<RecordedDialog> _dialogs = [];
    private readonly SideStage _side;
    private List<IRecordedSocket> _onDialogs = [];
    private List<IRecordedSocket> _onList = [];
    private bool _closed;

    private Recording(RecorderOptions options, Action<string> say, RecordedCluster cluster)
    {
        _options = options;
        _say = say;
        _cluster = cluster;
        _http = new HttpClient { BaseAddress = cluster.ApiProxy.Address };
        _api = new ReplyXApiClient(_http, new ReplyXApiOptions { MaxDelay = TimeSpan.FromSeconds(5) });
        _eager = new ReplyXApiClient(_http, new ReplyXApiOptions { MaxAttempts = 1 });
        _random = new Random(options.Seed);
        _side = new SideStage(options, cluster, _violations, _counts, _time);
    }

    private IReadOnlyList<IRecordedSocket> All => [.. _onDialogs, .. _onList];

    /// <summary>Runs, says how it goes, and prints the report.</summary>
    public static async Task<RecorderReport> RunAsync(RecorderOptions options, Action<string> say)
    {
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {options.Seed}, {options.Duration} on {options.Redis}{(options.Spread ? ", spread" : "")}{(options.Replicas > 0 ? $", {options.Replicas} replicas waited for" : "")}: {options.Sockets} sockets on {options.Dialogs} dialogs, {options.Rate:0} messages/s"));
        foreach (var fault in FaultSchedule.Of(options.Seed, options.Faults).Take(options.Faults.Count))
        {
            say($"  plan: {fault}");
        }

        var cluster = await RecordedCluster.StartAsync(options.Redis, options.Spread, options.Replicas);
        var recording = new Recording(options, say, cluster);
        await using (recording.ConfigureAwait(false))
        {
            RecorderReport report;
            try
            {
                report = await recording.RunAsync();
            }
            catch
            {
                recording.SayLogs();
                throw;
            }

            foreach (var line in report.Lines())
            {
                say(line);
            }

            if (!report.IsGood)
            {
                recording.SayLogs();
            }

            return report;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _side.DisposeAsync();
        await CloseSocketsAsync();
        await _cluster.DisposeAsync();
        _http.Dispose();
    }

    private async Task<RecorderReport> RunAsync()
    {
        await OpenAsync();
        _say($"{All.Count} sockets are up");

        using var stop = new CancellationTokenSource();
        using var abort = new CancellationTokenSource();
        using var over = new CancellationTokenSource();
        var progress = SayProgressAsync(over.Token);
        var authors = Authors();
        var writing = Task.WhenAll(authors.Select(author => author.Loop.RunAsync(stop.Token, abort.Token)));
        var chaos = new ChaosRun(_cluster, All, _options, () => Pulse(authors), () => UntilQuietOnesAreDeliveredAsync(authors), _violations, _time, _side, _say);
        await chaos.RunAsync();

        _say("calm: what was begun is ended");
        await stop.CancelAsync();
        abort.CancelAfter(_answersLimit);
        await writing;
        var clock = Stopwatch.StartNew();
        var records = new List<DialogRecord>();
        foreach (var dialog in _dialogs.Concat(_side.Dialogs))
        {
            records.Add(await LogReader.ReadAsync(dialog, _violations));
        }

        await SettleAsync(records);
        _say(string.Create(CultureInfo.InvariantCulture, $"settled after {clock.Elapsed.TotalSeconds:0.0} s"));
        await over.CancelAsync();
        await progress;
        await CloseSocketsAsync();
        await _side.Leaks.CheckAsync("all", LeakedSubscriptions.Patience);
        await StopServicesAsync();
        return Judge(records, chaos);
    }

    /// <summary>Opens the dialogs and the sockets.</summary>
    private async Task OpenAsync()
    {
        var operators = new List<OperatorSession>();
        foreach (var login in new[] { "anna@demo.replyx.dev", "boris@demo.replyx.dev" })
        {
            operators.Add(new OperatorSession(_api, (await _api.SignInAsync(login, _cluster.OperatorPassword)).Require()));
        }

        _side.Begin(_api, operators[0]);
        var siteToken = (await operators[0].GetSiteTokenAsync("demo")).Require();
        for (var i = 0; i < _options.Dialogs; i++)
        {
            var opened = i % 2 == 0 ? await _api.OpenWidgetDialogAsync("demo") : await _api.OpenSiteDialogAsync(siteToken);
            var api = RecordedDialog.IsQuietOne(i) ? _eager : _api;
            _dialogs.Add(new RecordedDialog(i, new VisitorSession(api, opened.Require()), operators[i / 2 % 2]));
        }

        var plan = new SocketPlan(RealtimeUrls.SameServiceAs(_dialogs[0].Visitor.Dialog.RealtimeUrl), _random, _time);
        _onDialogs = plan.Make(_dialogs, _options.Sockets);
        _onList = plan.MakeLists(operators[0]);
        await Parallel.ForEachAsync(
            All,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (socket, _) => await socket.StartAsync().Within($"{socket.Name} to connect"));
    }

    private (RecordedDialog Dialog, AuthorLoop Loop)[] Authors()
    {
        var authors = _dialogs.SelectMany(dialog => dialog.Senders.Keys.Select(author => (dialog, author)))
            .Where(a => !a.dialog.IsQuiet || a.author == Author.Visitor).ToList();
        var pause = TimeSpan.FromSeconds(authors.Count(a => !a.dialog.IsQuiet) / _options.Rate);
        return [.. authors.Select(a => (a.dialog, new AuthorLoop(a.dialog, a.author, pause, new Random(_random.Next()), _violations, _counts, _options.MayLose)))];
    }

    private static void Pulse((RecordedDialog Dialog, AuthorLoop Loop)[] authors)
    {
        foreach (var (_, loop) in authors.Where(author => author.Dialog.IsQuiet))
        {
            loop.Pulse();
        }
    }

    /// <summary>Waits until what the quiet dialogs' authors wrote is everywhere.</summary>
    private async Task UntilQuietOnesAreDeliveredAsync((RecordedDialog Dialog, AuthorLoop Loop)[] authors)
    {
        var quiet = authors.Where(author => author.Dialog.IsQuiet).ToList();
        var clock = Stopwatch.StartNew();
        while (quiet.Any(author => !author.Loop.IsIdle) && clock.Elapsed < _answersLimit)
        {
            await Task.Delay(20);
        }

        clock.Restart();
        foreach (var (dialog, _) in quiet)
        {
            foreach (var socket in _onDialogs.Where(socket => socket.DialogId == dialog.Id))
            {
                while (socket.Timeline.LastSeq < dialog.LastSent)
                {
                    if (clock.Elapsed > _quietLimit && _options.MayLose && await IsLostAsync(dialog))
                    {
                        break;
                    }

                    if (clock.Elapsed > _quietLimit)
                    {
                        _violations.Add(
                            ViolationKind.Lost,
                            $"{socket.Name}: event {dialog.LastSent} was acknowledged {clock.Elapsed.TotalSeconds:0} s ago and all is well since; it has {socket.Timeline.LastSeq}");
                        break;
                    }

                    await Task.Delay(20);
                }
            }
        }
    }

    private async Task<bool> IsLostAsync(RecordedDialog dialog) =>
        dialog.Sent.LastOrDefault()?.Cursor is { } last
        && (await LogReader.ReadAsync(dialog, _violations)).Dialog.Log.All(held => held.Cursor != last);

    private async Task SayProgressAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_progressEvery, over);
                var up = All.Count(socket => socket.Timeline.Node is not null);
                _say($"  {_counts.Acks} acknowledged, {up} of {All.Count} sockets up, {_cluster.Proxy.Cuts} cut");
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    /// <summary>Waits until each socket has come to the end of its log, the cluster counts just the sockets that there are, and nothing more comes.</summary>
    private async Task SettleAsync(List<DialogRecord> records)
    {
        var ends = records.ToDictionary(record => record.Dialog.Id, record => record.Dialog.Log[^1].Cursor.Seq);
        var feedEnd = await ReadFeedEndAsync();
        var clock = Stopwatch.StartNew();
        while (All.Any(socket => socket.Timeline.LastSeq < (socket.DialogId is { } id ? ends[id] : feedEnd)) && clock.Elapsed < _settleLimit)
        {
            await Task.Delay(50);
        }

        try
        {
            await RecordedCluster.UntilAsync(_cluster.Replicas[0], "the totals to be those of the sockets", _settleLimit, report => report.Sockets == All.Count);
        }
        catch (TimeoutException e)
        {
            _violations.Add(ViolationKind.Service, $"{e.Message}; there are {All.Count} sockets, {All.Count(s => s.Timeline.Node is not null)} of them up");
        }

        // What comes twice may come late.
        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    /// <summary>Where the account's feed ends. What the feed is still to be told of spread dialogs comes first.</summary>
    private async Task<long> ReadFeedEndAsync()
    {
        var end = await ReadAsync();
        var (clock, same) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        while (_options.Spread && same.Elapsed < _toldWithin && clock.Elapsed < _settleLimit)
        {
            await Task.Delay(100);
            var now = await ReadAsync();
            if (now != end)
            {
                end = now;
                same.Restart();
            }
        }

        return end;

        async Task<long> ReadAsync() => (await _dialogs[0].Operator.ReadDialogsAsync()).Require().Cursor?.Seq ?? 0;
    }

    private async Task CloseSocketsAsync()
    {
        if (!_closed)
        {
            _closed = true;
            await Task.WhenAll(All.Select(socket => socket.DisposeAsync().AsTask()));
        }
    }

    private async Task StopServicesAsync()
    {
        foreach (var service in _cluster.Services)
        {
            var exitCode = await service.StopAsync();
            if (exitCode != 0)
            {
                _violations.Add(ViolationKind.Service, $"{service.Name} ended with {exitCode}");
            }

            foreach (var fault in service.Log.Faults)
            {
                _violations.Add(ViolationKind.Service, $"{service.Name} logged: {fault}");
            }
        }
    }

    private RecorderReport Judge(List<DialogRecord> records, ChaosRun chaos)
    {
        var losses = _options.MayLoseShown ? ToldLosses.Find(records, _onDialogs.Concat(_side.Sockets), _options.MayLose, _violations) : null;
        var dialogs = records.ToDictionary(record => record.Dialog.Id, record => losses?.LeftOf(record.Dialog) ?? record.Dialog);
        foreach (var (name, dialog) in records)
        {
            foreach (var finding in DeliveryAudit.OfLog(dialogs[dialog.Id]).Findings)
            {
                _violations.Add(finding, $"{name}: {finding.What}");
            }
        }

        JudgeRepeats(_options.MayLose ? losses : null);
        List<SocketJudge> judges =
        [
            .. _onDialogs.Select(s => JudgeOnDialog(s, dialogs[s.DialogId!.Value], losses)),
            .. _side.Sockets.Select(s => JudgeOnDialog(s, _side.DueAt(s, dialogs[s.DialogId!.Value]), losses)),
            .. _onList.Select(s => losses is null
                ? SocketJudge.OfList(s.Name, s.Timeline.Entries, s.Repairs, dialogs.Values, _violations)
                : SocketJudge.OfListAfterLosses(s.Name, s.Timeline.Entries, losses, dialogs.Values, _violations)),
        ];
        foreach (var socket in All.Concat(_side.Sockets))
        {
            if (socket.End is { } end)
            {
                _violations.Add(ViolationKind.NotConnected, $"{socket.Name} ended for good: {end}");
            }
        }

        var returns = DrainAttempts.Of(chaos.Drains, All).ToList();
        if (returns.Count(back => back.Attempts > FewAttempts) is > 0 and var many)
        {
            _violations.Add(ViolationKind.NotConnected, $"{many} sockets needed more than {FewAttempts} attempts to get from a drained node to another");
        }

        return Report.Make(_violations, _counts, [.. All, .. _side.Sockets], judges, chaos, _cluster, returns, losses);
    }

    private SocketJudge JudgeOnDialog(IRecordedSocket socket, AuditedDialog dialog, ToldLosses? losses)
    {
        if (losses is null || !losses.Dialogs.Contains(dialog.Id))
        {
            return SocketJudge.OfDialog(socket.Name, socket.Timeline.Entries, socket.Repairs, dialog, _violations);
        }

        // What it reads from the history after a loss may come live, too.
        var entries = losses.LeftOf(socket.Name, dialog.Id, socket.Timeline.Entries);
        return SocketJudge.OfDialog(socket.Name, entries, socket.Repairs with { Duplicates = 0 }, dialog, _violations);
    }

    // A key counts as long as its event does.
    private void JudgeRepeats(ToldLosses? losses)
    {
        foreach (var dialog in _dialogs)
        {
            foreach (var (key, first, second) in dialog.Repeats.Where(repeat =>
                losses is null || !(losses.IsLost(dialog.Id, repeat.First) || losses.IsLost(dialog.Id, repeat.Second))))
            {
                _violations.Add(ViolationKind.Duplicated, $"{dialog}: {key} was acknowledged as {first} and, sent again, as {second}");
            }
        }
    }

    private void SayLogs()
    {
        foreach (var service in _cluster.Services)
        {
            _say($"--- the last lines of {service.Name} ---\n{service.Log.Last}");
        }

        _say($"--- the last lines of {_options.Redis} ---\n{_cluster.Redis.LastOutput}");
    }
}
