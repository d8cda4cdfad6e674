using System.Diagnostics;
using System.Globalization;
using ReplyX.Client;
using ReplyX.Deploy.Tests.Hosting;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;
using ReplyX.Recorder.Traffic;
using ReplyX.Testing;

namespace ReplyX.Deploy.Tests.Traffic;

/// <summary>
/// Visitors of the widget and of the chat page, and operators, all through the front door: they hold sockets, write over HTTP and over
/// the sockets, and read. What was acknowledged to them, and what came to whom, is judged at the end.
/// </summary>
internal sealed class Everybody : IAsyncDisposable
{
    private const int Dialogs = 40;
    private const int SocketsOnADialog = 5;
    private const double MessagesASecond = 20;
    private const int AtOnce = 16;

    private static readonly TimeSpan _readEvery = TimeSpan.FromMilliseconds(40);

    /// <summary>The client library waits 15 s at most before another attempt.</summary>
    private static readonly TimeSpan _settleLimit = TimeSpan.FromSeconds(60);

    private readonly DeployedHost _host;
    private readonly HttpMessageInvoker _invoker = new(FrontDoorClient.Handler());
    private readonly HttpClient _http;
    private readonly ReplyXApiClient _api;
    private readonly Random _random = Seed.Random();
    private readonly Violations _violations = new();
    private readonly TrafficCounts _counts = new();
    private readonly List<RecordedDialog> _dialogs = [];
    private readonly List<LibrarySocket> _sockets = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private (RecordedDialog Dialog, AuthorLoop Loop)[] _authors = [];
    private Task _writing = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;

    public Everybody(DeployedHost host)
    {
        _host = host;
        _http = new HttpClient(Requests) { BaseAddress = host.Url };

        // One attempt: what fails is to be seen. Messages are repeated by their authors.
        _api = new ReplyXApiClient(_http, new ReplyXApiOptions { MaxAttempts = 1 });
    }

    public WatchedRequests Requests { get; } = new();

    public int Sockets => _sockets.Count;

    /// <summary>Messages and steps that were acknowledged.</summary>
    public long Acknowledged => _counts.Acks;

    /// <summary>Sockets that were opened after the first one of each.</summary>
    public long Reconnects => _sockets.Sum(socket => Math.Max(0, socket.Connection.Statistics.Connects - 1));

    /// <summary>How often each socket was opened so far.</summary>
    public IReadOnlyList<long> Connects => [.. _sockets.Select(socket => socket.Connection.Statistics.Connects)];

    /// <summary>The nodes that hold sockets now; null for one that is down.</summary>
    public IEnumerable<string?> Nodes => _sockets.Select(socket => socket.Timeline.Node);

    /// <summary>Comes to the site, connects, and begins to write and to read.</summary>
    public async Task StartAsync()
    {
        var (owner, site, assistant) = await _host.SetUpAsync(_http, _api);
        var siteToken = (await owner.GetSiteTokenAsync(site)).Require();
        for (var i = 0; i < Dialogs; i++)
        {
            var opened = i % 2 == 0 ? await _api.OpenWidgetDialogAsync(assistant) : await _api.OpenSiteDialogAsync(siteToken);
            var dialog = new RecordedDialog(i, new VisitorSession(_api, opened.Require()), owner);
            _dialogs.Add(dialog);
            _sockets.AddRange(SocketsOn(dialog));
        }

        _sockets.Add(new LibrarySocket("list", null, Through(owner.ListOptions(new RealtimeUrls(_host.Url)))));
        await Parallel.ForEachAsync(
            _sockets,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (socket, _) => await socket.StartAsync().Within($"{socket.Name} to connect"));

        var authors = _dialogs.SelectMany(dialog => dialog.Senders.Keys.Select(author => (Dialog: dialog, Author: author)))
            .Where(one => !one.Dialog.IsQuiet || one.Author == Author.Visitor).ToList();
        var pause = TimeSpan.FromSeconds(authors.Count(one => !one.Dialog.IsQuiet) / MessagesASecond);
        _authors = [.. authors.Select(one => (one.Dialog, new AuthorLoop(one.Dialog, one.Author, pause, new Random(_random.Next()), _violations, _counts, mayLose: false)))];
        _writing = Task.WhenAll(_authors.Select(author => author.Loop.RunAsync(_stop.Token, _abort.Token)));
        _reading = ReadAsync(new Random(_random.Next()), _stop.Token);
    }

    /// <summary>
    /// Waits until every socket is up on a node that is wanted. Then the authors of quiet dialogs write one message each, which nothing
    /// follows: it has to come to where its watchers are now.
    /// </summary>
    /// <param name="isWanted">Whether a node is.</param>
    public async Task SettleAsync(Func<string, bool> isWanted)
    {
        var clock = Stopwatch.StartNew();
        while (Nodes.Any(node => node is null || !isWanted(node)))
        {
            Assert.True(
                clock.Elapsed < _settleLimit,
                $"{Nodes.Count(node => node is null)} sockets are down, {Nodes.Count(node => node is not null && !isWanted(node))} on a node that was left");
            await Task.Delay(20);
        }

        foreach (var (_, loop) in _authors.Where(author => author.Dialog.IsQuiet))
        {
            loop.Pulse();
        }
    }

    /// <summary>Ends the traffic, waits until all is everywhere, and judges.</summary>
    /// <returns>The violations, and how many deliveries there were.</returns>
    public async Task<(Violations Violations, long Deliveries)> JudgeAsync()
    {
        await _stop.CancelAsync();
        _abort.CancelAfter(_settleLimit);
        await _writing;
        await _reading;
        var records = new List<DialogRecord>();
        foreach (var dialog in _dialogs)
        {
            records.Add(await LogReader.ReadAsync(dialog, _violations));
        }

        await DeliveredAsync(records);
        await Task.WhenAll(_sockets.Select(socket => socket.DisposeAsync().AsTask()));
        var dialogs = records.ToDictionary(record => record.Dialog.Id, record => record.Dialog);
        foreach (var (name, dialog) in records)
        {
            foreach (var finding in DeliveryAudit.OfLog(dialog).Findings)
            {
                _violations.Add(finding, $"{name}: {finding.What}");
            }
        }

        var deliveries = 0L;
        foreach (var socket in _sockets)
        {
            if (socket.End is { } end)
            {
                _violations.Add(ViolationKind.NotConnected, $"{socket.Name} ended for good: {end}");
            }

            // The checks' dialogs are in the list, too, and of those nothing is known here.
            if (socket.DialogId is { } id)
            {
                deliveries += SocketJudge.OfDialog(socket.Name, socket.Timeline.Entries, socket.Repairs, dialogs[id], _violations).Delivered;
            }
            else
            {
                var received = socket.Timeline.Entries.Select(entry => entry.Received).OfType<ReceivedEvent>().ToList();
                foreach (var finding in DeliveryAudit.OfList(dialogs.Values, received, isShared: true, socket.Repairs).Findings)
                {
                    _violations.Add(finding, $"{socket.Name}: {finding.What}");
                }
            }
        }

        return (_violations, deliveries);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _writing;
        await _reading;
        await Task.WhenAll(_sockets.Select(socket => socket.DisposeAsync().AsTask()));
        _invoker.Dispose();
        _http.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    private IEnumerable<LibrarySocket> SocketsOn(RecordedDialog dialog)
    {
        for (var turn = 0; turn < SocketsOnADialog; turn++)
        {
            var author = turn == 1 ? Author.Operator : Author.Visitor;
            var options = author == Author.Operator
                ? dialog.Operator.DialogOptions(new RealtimeUrls(_host.Url), dialog.Id, dialog.Visitor.Dialog.Cursor)
                : dialog.Visitor.ConnectionOptions();
            var socket = new LibrarySocket(string.Create(CultureInfo.InvariantCulture, $"{dialog}, socket {turn + 1} ({author})"), dialog.Id, Through(options));
            dialog.Senders.TryAdd(author, socket);
            yield return socket;
        }
    }

    /// <summary>The same, to the host that no DNS knows.</summary>
    private ReplyXConnectionOptions Through(ReplyXConnectionOptions options) => new()
    {
        Url = options.Url,
        TokenProvider = options.TokenProvider,
        Cursor = options.Cursor,
        History = options.History,
        Invoker = _invoker,
    };

    private async Task ReadAsync(Random random, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _dialogs[random.Next(_dialogs.Count)].Visitor.ReadHistoryAsync(new HistoryRange(Limit: 10), CancellationToken.None);
                await Task.Delay(_readEvery, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    private async Task DeliveredAsync(List<DialogRecord> records)
    {
        var ends = records.ToDictionary(record => record.Dialog.Id, record => record.Dialog.Log[^1].Cursor.Seq);
        var feedEnd = (await _dialogs[0].Operator.ReadDialogsAsync()).Require().Cursor?.Seq ?? 0;
        var clock = Stopwatch.StartNew();
        while (_sockets.Any(socket => socket.Timeline.LastSeq < (socket.DialogId is { } id ? ends[id] : feedEnd)) && clock.Elapsed < _settleLimit)
        {
            await Task.Delay(20);
        }

        // What comes twice may come late.
        await Task.Delay(TimeSpan.FromSeconds(1));
    }
}
