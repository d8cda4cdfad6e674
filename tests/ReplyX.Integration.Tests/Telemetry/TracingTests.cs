using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using OpenTelemetry;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Integration.Tests.Telemetry;

/// <summary>Which spans the services make. Alone, since sources have no owner: every service of the process would be heard.</summary>
[Collection(nameof(TracingTests))]
[CollectionDefinition(nameof(TracingTests), DisableParallelization = true)]
public sealed class TracingTests
{
    private static readonly (string, string) _exporter = ("OTEL_EXPORTER_OTLP_ENDPOINT", Spans.NoCollector);

    [Fact]
    public async Task An_event_is_one_span_on_a_node_however_many_sockets_hear_it()
    {
        const int Events = 5;
        const int Sockets = 3;
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var spans = new Spans();
        await using var node = await RealtimeNode.StartAsync(redis, spans.AddTo, _exporter);
        var (dialog, token) = await node.OpenDialogAsync();
        var sockets = new List<TestSocket>();
        for (var i = 0; i < Sockets; i++)
        {
            sockets.Add((await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket);
        }

        var first = (await node.SayAsync(dialog, "0")).Seq;
        for (var i = 1; i < Events; i++)
        {
            await node.SayAsync(dialog, $"{i}");
        }

        foreach (var socket in sockets)
        {
            for (var i = 0; i < Events; i++)
            {
                await socket.ReceiveAsync();
            }

            await socket.CloseAsync();
            await socket.DisposeAsync();
        }

        await spans.WaitForAsync(span => span.GetTagItem("replyx.seq") is long seq && seq == first + Events - 1, TestTimeout.Token());
        await node.StopAsync();

        var handOuts = spans.All.Where(span => span.DisplayName == "event hand-out").ToList();
        var appends = spans.All.Where(span => span.DisplayName == "dialog append").Select(span => span.SpanId).ToList();
        Assert.Equal(Enumerable.Range(0, Events).Select(i => first + i), handOuts.Select(span => (long)span.GetTagItem("replyx.seq")!));
        Assert.All(handOuts, span => Assert.Equal(Sockets, span.GetTagItem("replyx.sockets")));
        Assert.Equal(appends, handOuts.Select(span => span.ParentSpanId));
    }

    [Fact]
    public async Task A_handshake_is_a_span_that_ends_when_it_is_answered()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var spans = new Spans();
        await using var node = await RealtimeNode.StartAsync(redis, spans.AddTo, _exporter);
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        await using var socket = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;

        // The socket is open, and stays so.
        var handshake = await spans.WaitForAsync(span => span.Kind == ActivityKind.Server && span.GetTagItem("url.path") is string at && at == path, TestTimeout.Token());
        var command = await spans.WaitForAsync(span => span.ParentSpanId == handshake.SpanId && span.Source.Name == "ReplyX.Redis", TestTimeout.Token());

        Assert.Equal("GET /ws/widget/dialogs/{id}", handshake.DisplayName);
        Assert.Equal("/ws/widget/dialogs/{id}", handshake.GetTagItem("http.route"));
        Assert.Equal(101, handshake.GetTagItem("http.response.status_code"));
        Assert.Equal(handshake.TraceId, command.TraceId);

        // What comes later on the socket is no part of it, and one that is refused is answered like any request.
        await socket.SendAsync("""{"type":"message","text":"hello","client_id":"1"}""");
        var append = await spans.WaitForAsync(span => span.DisplayName == "dialog append" && span.StartTimeUtc > handshake.StartTimeUtc, TestTimeout.Token());
        Assert.Equal(default, append.ParentSpanId);

        using var http = new HttpClient { BaseAddress = node.Url };
        using var refused = await http.GetAsync("/ws/dialogs", TestTimeout.Token());
        var refusal = await spans.WaitForAsync(span => span.Kind == ActivityKind.Server && span.GetTagItem("url.path") is "/ws/dialogs", TestTimeout.Token());
        Assert.Equal(426, refusal.GetTagItem("http.response.status_code"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_holds_the_span_of_a_handshake_while_its_socket_lives(bool exported)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var requests = new RequestSpans();
        await using var node = await RealtimeNode.StartAsync(
            redis, requests.AddTo, [("Realtime:DirectUpgrades", "false"), .. exported ? [_exporter] : Array.Empty<(string, string)>()]);
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        await using var first = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
        await using var socket = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
        await node.SayAsync(dialog, "hello");
        await first.ReceiveAsync("an event, so that all that serves the socket waits by now");
        await socket.ReceiveAsync("the same event");

        // What traces commands, and what exports, lets go a moment after.
        Assert.True(requests.AreStopped);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (requests.Alive() > 0 && !limit.IsCancellationRequested)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, requests.Alive());
        await socket.SendAsync("__ping__");
        Assert.Equal("__pong__", await socket.ReceiveTextAsync("an answer on the socket that lives"));
    }

    [Fact]
    public async Task Without_an_exporter_nothing_is_traced_and_no_trace_context_travels()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await node.OpenDialogAsync();
        await using var socket = (await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;
        var heard = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var channel = RedisChannel.Literal(Backplane.ChannelOf(dialog));
        (await node.Service<IConnectionMultiplexer>().GetSubscriber().SubscribeAsync(channel)).OnMessage(message =>
        {
            Assert.True(LogEntry.TryParse(message.Message, out var entry));
            heard.TrySetResult(entry.TraceParent);
        });

        await socket.SendAsync("""{"type":"message","text":"hello","client_id":"1"}""");

        Assert.Null(await heard.Task.Within("the published entry"));
        Assert.All((string[])["ReplyX.Messaging", "ReplyX.Realtime", "ReplyX.Redis", "Microsoft.AspNetCore", "System.Net.Http"], name =>
        {
            // Without a listener a source makes no span, whoever asks it to.
            using var source = new ActivitySource(name);
            Assert.False(source.HasListeners(), name);
        });
    }

    [Fact]
    public async Task Without_an_exporter_a_delivery_costs_the_same_whether_its_append_was_traced_or_not()
    {
        const int Events = 200;
        const int Sockets = 20;
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Logging:LogLevel:Default", "Warning"));
        var (dialog, token) = await node.OpenDialogAsync();
        var readers = new List<CountingSocket>();
        for (var i = 0; i < Sockets; i++)
        {
            readers.Add(await CountingSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token));
        }

        // Another service's appends, as they travel if that one traces and if it does not. The events of one phase are one command
        // each, so that both phases differ in nothing but the line.
        var publisher = node.Service<IConnectionMultiplexer>().GetSubscriber();
        var channel = RedisChannel.Literal(Backplane.ChannelOf(dialog));
        var seq = (await node.Log.GetHeadAsync(dialog, TestTimeout.Token())).Seq;
        async Task<double> BytesPerDeliveryAsync(string trace)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Events; i++)
            {
                seq++;
                await publisher.PublishAsync(channel, $"{seq} 0000abcd {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} -{trace}\n{{\"type\":\"message\",\"seq\":{seq}}}");
                foreach (var reader in readers)
                {
                    await reader.ReceiveAsync();
                }
            }

            return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Events * Sockets);
        }

        var untraced = double.MaxValue;
        var traced = double.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            untraced = Math.Min(untraced, await BytesPerDeliveryAsync(""));
            traced = Math.Min(traced, await BytesPerDeliveryAsync($" 00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01"));
        }

        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{untraced:0} bytes a delivery, {traced:0} of a traced append");
        Assert.True(traced < untraced * 1.25, $"{untraced:0} bytes a delivery, {traced:0} of a traced append");
    }

    [Fact]
    public async Task Leases_scrapes_and_probes_are_no_traces_and_a_message_is_one()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var spans = new Spans();
        await using var node = await RealtimeNode.StartAsync(redis, spans.AddTo, _exporter);
        await using var api = await ApiService.StartAsync(redis, _exporter);
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        var started = JsonElement.Parse(await PostAsync("/api/widget/dialogs", new { assistant_id = "shop-assistant" }, token: null));
        var before = spans.All.Count;

        await AskAsync(node.Url, "/metrics", "/health/ready", "/health/websocket", "/alive");
        var nodes = await node.Service<NodeRegistry>().ListAsync(TestTimeout.Token());
        await AskAsync(api.Http.BaseAddress!, "/metrics", "/health/ready", "/alive", "/internal/nodes", "/internal/prometheus/targets", $"/internal/nodes/{nodes.Single().Id}/metrics");
        await UntilRenewedAsync(times: 3);
        await PostAsync($"/api/widget/dialogs/{started.GetProperty("id")}/messages", new { text = "hello", client_id = "1" }, started.GetProperty("token").GetString());

        // Commands become spans once a second, those of the append behind all that came before.
        var append = await spans.WaitForAsync(span => span.DisplayName == "dialog append" && span.GetTagItem("replyx.event") is "message" && IsNew(span), TestTimeout.Token());
        await spans.WaitForAsync(span => span.ParentSpanId == append.SpanId && span.Source.Name == "ReplyX.Redis", TestTimeout.Token());

        var root = Assert.Single(spans.All.Where(IsNew), span => span.ParentSpanId == default);
        Assert.EndsWith("/messages", (string?)root.GetTagItem("url.path"), StringComparison.Ordinal);
        Assert.Equal(root.SpanId, append.ParentSpanId);
        Assert.All(spans.All.Where(IsNew), span => Assert.Equal(root.TraceId, span.TraceId));

        bool IsNew(Activity span) => !spans.All.Take(before).Contains(span) && span.TraceId != TraceOfStart();

        // The start's own commands become spans after it was answered.
        ActivityTraceId TraceOfStart() => spans.All.First(span => span.GetTagItem("url.path") is "/api/widget/dialogs").TraceId;

        async Task AskAsync(Uri service, params string[] paths)
        {
            foreach (var path in paths)
            {
                using (SuppressInstrumentationScope.Begin())
                {
                    using var answer = await http.GetAsync(new Uri(service, path), TestTimeout.Token());
                    answer.EnsureSuccessStatusCode();
                }
            }
        }

        async Task<string> PostAsync(string path, object body, string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api.Http.BaseAddress!, path)) { Content = JsonContent.Create(body) };
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            using (SuppressInstrumentationScope.Begin())
            {
                using var answer = await http.SendAsync(request, TestTimeout.Token());
                return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestTimeout.Token());
            }
        }

        // The lease is the only one that sets a key with an expiry; the server counts.
        async Task UntilRenewedAsync(int times)
        {
            await using var plain = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
            var until = await RenewalsAsync(plain) + times;
            while (await RenewalsAsync(plain) < until)
            {
                await Task.Delay(50, TestTimeout.Token());
            }
        }

        async Task<int> RenewalsAsync(ConnectionMultiplexer plain)
        {
            var sets = (await plain.GetServers().Single().InfoAsync("commandstats")).SelectMany(group => group)
                .Where(pair => pair.Key is "cmdstat_setex" or "cmdstat_set").Select(pair => pair.Value.Split('=', ',')[1]);
            return sets.Sum(int.Parse);
        }
    }
}
