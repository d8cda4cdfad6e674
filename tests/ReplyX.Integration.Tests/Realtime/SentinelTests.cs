using System.Collections.Concurrent;
using System.Globalization;
using ReplyX.Client;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Api and node find Redis by way of Sentinels, and follow a failover while people write.</summary>
public sealed class SentinelTests
{
    private const int Dialogs = 4;

    // Every replica is waited for: with fewer, the one that takes over may be another than the one that confirmed.
    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public async Task Nothing_that_was_acknowledged_is_lost_by_a_failover(int replicas, bool isKilled)
    {
        await using var redis = await ReplicatedRedis.StartAsync(replicas);
        await redis.StartSentinelsAsync();
        (string Key, string Value)[] settings =
        [
            ("Messaging:Replicas", $"{replicas}"), ("Messaging:ReplicaTimeout", "00:00:01"), ("Limits:FrameBurst", "100000"), ("Limits:Guest:Burst", "100000"),
        ];
        await using var node = await RealtimeNode.StartAsync(redis.ConnectionString, configure: null, settings);
        await using var service = await ApiService.StartAsync(redis.ConnectionString, [("Realtime:PublicUrl", node.Url.ToString()), .. settings]);
        var api = new ReplyXApiClient(service.Http);
        using var stop = new CancellationTokenSource();
        var talks = new List<Talk>();
        for (var i = 0; i < Dialogs; i++)
        {
            talks.Add(await Talk.StartAsync(api, $"v{i}"));
        }

        var talking = talks.Select(talk => talk.RunAsync(stop.Token)).ToList();
        await Task.WhenAll(talks.Select(talk => talk.UntilAsync(20))).Within("the dialogs to be under way");
        if (isKilled)
        {
            await redis.Primary.KillAsync();
        }
        else
        {
            // By hand: the old primary lives on as a replica.
            Assert.Contains("+OK", await redis.Sentinels[0].AskAsync("SENTINEL", "FAILOVER", "replyx"), StringComparison.Ordinal);
        }

        await redis.WaitForFailoverAsync(redis.Primary);
        if (isKilled)
        {
            // It comes back as a primary, with what nobody else has, until Sentinel makes it the replica that is missing.
            await redis.Primary.RestartAsync();
        }

        await Task.WhenAll(talks.Select(talk => talk.UntilAsync(talk.Count + 20))).Within("the dialogs to go on behind the failover");
        await stop.CancelAsync();
        await Task.WhenAll(talking).Within("the last answers");

        foreach (var talk in talks)
        {
            Assert.Empty(await talk.AuditAsync());
            await talk.DisposeAsync();
        }

        using var ready = await service.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestTimeout.Token());
        Assert.Equal(System.Net.HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task A_feed_leaves_a_server_that_answers_and_takes_no_writes_any_more()
    {
        await using var redis = await ReplicatedRedis.StartAsync(1);
        var (old, next) = (redis.Primary, redis.Replicas[0]);
        await using var node = await RealtimeNode.StartAsync($"{old.ConnectionString},{next.ConnectionString},configCheckSeconds=1", configure: null);
        var (dialog, token) = await node.OpenDialogAsync();
        await ReplicatedRedis.WaitUntilOnlineAsync(old, 1);
        await using var socket = (await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;

        // The old one keeps its connections, and hears of nothing that the new one is given.
        await ReplicatedRedis.PromoteAsync(next);
        await old.AskAsync("REPLICAOF", "127.0.0.1", "1");
        var limit = TestTimeout.Token();
        while (!node.Logs.Texts.Any(line => line.Contains("Another server takes the writes now", StringComparison.Ordinal)))
        {
            await Task.Delay(20, limit);
        }

        var said = await node.SayAsync(dialog, "hello");
        System.Text.Json.JsonElement heard;
        do
        {
            heard = await socket.ReceiveAsync();
        }
        while (heard.GetProperty("type").GetString() != "message");
        Assert.Equal(said.Cursor.ToString(), heard.GetProperty("cursor").GetString());
    }

    /// <summary>A visitor who writes over the socket and over HTTP by turns, and what is acknowledged and received of it.</summary>
    private sealed class Talk : IAsyncDisposable
    {
        private readonly List<AcknowledgedEvent> _acknowledged = [];
        private readonly ConcurrentDictionary<long, ReceivedEvent> _received = new();
        private readonly VisitorSession _visitor;
        private readonly ReplyXConnection _connection;
        private readonly EventCursor _start;
        private readonly string _name;
        private Task _reading = Task.CompletedTask;
        private int _count;

        private Talk(VisitorSession visitor, EventCursor start, string name)
        {
            (_visitor, _start, _name) = (visitor, start, name);
            _connection = new ReplyXConnection(visitor.ConnectionOptions(start));
        }

        /// <summary>How many messages were acknowledged.</summary>
        public int Count => Volatile.Read(ref _count);

        public static async Task<Talk> StartAsync(ReplyXApiClient api, string name)
        {
            var visitor = new VisitorSession(api, (await api.OpenWidgetDialogAsync("demo")).Require());
            var start = (await visitor.ReadHistoryAsync(new HistoryRange(), TestTimeout.Token())).Require().Cursor ?? EventCursor.Start;
            var talk = new Talk(visitor, start, name);
            talk._reading = talk.ReadAsync();
            await talk._connection.ConnectAsync(TestTimeout.Token());
            return talk;
        }

        /// <summary>Writes one message after the other, each until it is acknowledged.</summary>
        public async Task RunAsync(CancellationToken stop)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var (key, text) = ($"{_name}-{i}", string.Create(CultureInfo.InvariantCulture, $"{_name} says {i}"));
                var cursor = i % 2 == 0 ? (await _connection.SendAsync(text, key, CancellationToken.None)).Cursor : await PostAsync(text, key);
                _acknowledged.Add(new AcknowledgedEvent(cursor, EventContent.Message("user", text), _name, key));
                Interlocked.Increment(ref _count);
            }
        }

        public async Task UntilAsync(int count)
        {
            var limit = TestTimeout.Token();
            while (Count < count)
            {
                await Task.Delay(10, limit);
            }
        }

        /// <summary>What is wrong with the log, and with what the socket got, once it has the last event.</summary>
        public async Task<IReadOnlyList<DeliveryFinding>> AuditAsync()
        {
            var log = new List<MessageEvent>();
            HistoryPage page;
            do
            {
                page = (await _visitor.ReadHistoryAsync(new HistoryRange(After: log.LastOrDefault()?.Seq ?? _start.Seq, Limit: 200), TestTimeout.Token())).Require();
                log.AddRange(page.Items.OfType<MessageEvent>());
            }
            while (page.HasMore);

            var limit = TestTimeout.Token();
            while (!_received.ContainsKey(log[^1].Seq!))
            {
                await Task.Delay(10, limit);
            }

            var dialog = new AuditedDialog
            {
                Id = _visitor.Dialog.Id,
                Log = [.. log.Select(item => new AuditedEvent(item.Cursor!.Value, EventContent.Of(item)!))],
                Acknowledged = _acknowledged,
                Steps = [],
                Start = _start.Seq,
            };
            return
            [
                .. DeliveryAudit.OfLog(dialog).Findings,
                .. DeliveryAudit.OfSocket(dialog, _start.Seq, [.. _received.OrderBy(pair => pair.Key).Select(pair => pair.Value)]).Findings,
            ];
        }

        public async ValueTask DisposeAsync()
        {
            await _connection.DisposeAsync();
            await _reading;
        }

        private async Task<EventCursor> PostAsync(string text, string key)
        {
            var limit = TestTimeout.Token();
            while (true)
            {
                var sent = await _visitor.SendAsync(text, key, limit);
                if (sent.Value is { } stored)
                {
                    return stored.Message.Cursor!.Value;
                }

                Assert.Equal(503, sent.Status);
                await Task.Delay(50, limit);
            }
        }

        // What a replaced log has taken back is void: it was shown before a replica had it, and not acknowledged.
        private async Task ReadAsync()
        {
            await foreach (var next in _connection.ReadEventsAsync())
            {
                if (next is GapEvent { Reason: GapReason.Rewritten } gap)
                {
                    foreach (var seq in _received.Keys.Where(seq => seq > gap.After))
                    {
                        _received.TryRemove(seq, out _);
                    }
                }
                else if (next is { Cursor: { } cursor })
                {
                    _received[cursor.Seq] = ReceivedEvent.Of(next);
                }
            }
        }
    }
}
