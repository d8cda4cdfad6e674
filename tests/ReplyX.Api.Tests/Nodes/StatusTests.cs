using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Api.Nodes;
using ReplyX.Messaging.Nodes;
using StackExchange.Redis;

namespace ReplyX.Api.Tests.Nodes;

public sealed class StatusTests : IAsyncLifetime
{
    private const string Token = "a-token-for-metrics";

    private RedisServer _redis = null!;
    private TestApi _api = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(RedisKind.Redis);
        _api = await TestApi.StartAsync(_redis.ConnectionString, new Dictionary<string, string?> { ["Metrics:Token"] = Token });
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [Fact]
    public async Task Operators_see_how_every_node_does_and_one_that_is_gone_fails_nothing()
    {
        await using var node = await StartNodeAsync(() => Metrics(sent: 40, slow: 0));
        await RegisterAsync("node-1", new Uri(node.App.Urls.Single()));
        await RegisterAsync("node-2", new Uri($"http://127.0.0.1:{FreePort.Next()}"), ready: false);
        var person = await (await _api.NewAccountAsync()).OperatorAsync();

        var status = (await _api.GetAsync("/api/status", person)).Is(HttpStatusCode.OK).Json;

        var nodes = status.GetProperty("nodes").EnumerateArray().ToArray();
        Assert.Equal(["node-1", "node-2"], nodes.Select(each => each.GetProperty("id").GetString()));
        Assert.Equal([true, false], nodes.Select(each => each.GetProperty("ready").GetBoolean()));
        Assert.Equal([false, true], nodes.Select(each => each.GetProperty("draining").GetBoolean()));
        Assert.Equal([true, false], nodes.Select(each => each.GetProperty("reachable").GetBoolean()));
        Assert.Equal(40, nodes[0].GetProperty("messages_sent").GetInt64());
        Assert.Equal(5, nodes[0].GetProperty("errors").GetInt64());
        Assert.True(nodes[0].GetProperty("delivery_p50_ms").GetDouble() is > 0 and < 10);
        Assert.Equal("""{"sockets":3,"limit":100}""", nodes[0].GetProperty("pools").GetProperty("ws_connections").GetRawText());
        Assert.Equal(3, nodes[0].GetProperty("dialogs").GetInt64());
        Assert.False(nodes[1].TryGetProperty("messages_sent", out _));
        var cluster = status.GetProperty("cluster");
        Assert.Equal("""{"sockets":6,"limit":200}""", cluster.GetProperty("pools").GetProperty("ws_connections").GetRawText());
        Assert.Equal("""{"sockets":2,"limit":200}""", cluster.GetProperty("pools").GetProperty("ws_site_connections").GetRawText());
        Assert.Equal((40, 5), (cluster.GetProperty("messages_sent").GetInt64(), cluster.GetProperty("errors").GetInt64()));
        Assert.True(cluster.GetProperty("backplane").GetProperty("ok").GetBoolean());
        Assert.True(cluster.GetProperty("backplane").GetProperty("round_trip_ms").GetDouble() > 0);

        (await _api.GetAsync("/api/status")).IsProblem(401, "token_missing");
    }

    [Fact]
    public async Task Nodes_are_asked_once_a_second_however_many_look_and_latencies_are_of_the_time_between()
    {
        var (sent, slow) = (40, 0);
        await using var node = await StartNodeAsync(() => Metrics(sent, slow));
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var watch = Watch(time);
        await RegisterAsync("node-1", new Uri(node.App.Urls.Single()));

        var first = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => watch.LookAsync(TestTimeout.Token())));
        Assert.All(first, view => Assert.Same(first[0], view));
        Assert.Equal(1, node.Asked);
        Assert.Same(first[0], await watch.LookAsync(TestTimeout.Token()));

        (sent, slow) = (50, 20);
        time.Advance(TimeSpan.FromSeconds(1));
        await RegisterAsync("node-1", new Uri(node.App.Urls.Single()));
        var second = Assert.Single((await watch.LookAsync(TestTimeout.Token())).Nodes);
        Assert.Equal((2, 50L), (node.Asked, second.MessagesSent!.Value));
        Assert.True(second.DeliveryP50Ms > 10, $"{second.DeliveryP50Ms} ms: only slow ones came since");

        // Nothing came in between.
        time.Advance(TimeSpan.FromSeconds(31));
        await RegisterAsync("node-1", new Uri(node.App.Urls.Single()));
        Assert.Null(Assert.Single((await watch.LookAsync(TestTimeout.Token())).Nodes).DeliveryP50Ms);
    }

    [Fact]
    public async Task A_node_that_hangs_is_shown_as_it_was()
    {
        var hangs = false;
        await using var node = await StartNodeAsync(() => hangs ? null : Metrics(sent: 40, slow: 0));
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var watch = Watch(time);
        await RegisterAsync("node-1", new Uri(node.App.Urls.Single()));
        Assert.True(Assert.Single((await watch.LookAsync(TestTimeout.Token())).Nodes).Reachable);

        hangs = true;
        time.Advance(TimeSpan.FromSeconds(1));
        await RegisterAsync("node-1", new Uri(node.App.Urls.Single()));
        var look = watch.LookAsync(TestTimeout.Token());
        await node.Hanging.Task.WaitAsync(TestTimeout.Token());
        time.Advance(TimeSpan.FromSeconds(1));

        var shown = Assert.Single((await look).Nodes);
        Assert.Equal((false, 40L, null), (shown.Reachable, shown.MessagesSent!.Value, shown.DeliveryP99Ms));
    }

    [Fact]
    public async Task Without_Redis_the_backplane_is_said_to_be_down()
    {
        var watch = Watch(TimeProvider.System);
        await _redis.KillAsync();

        var view = await watch.LookAsync(TestTimeout.Token());

        Assert.Empty(view.Nodes);
        Assert.False(view.Cluster.Backplane.Ok);
    }

    private ClusterWatch Watch(TimeProvider time) => ActivatorUtilities.CreateInstance<ClusterWatch>(_api.Services, time);

    private static string Metrics(int sent, int slow) => $$"""
        websocket_messages_sent_total{type="widget"} {{sent}}
        websocket_connection_errors_total{error_type="auth"} 5
        websocket_delivery_duration_seconds_bucket{type="widget",le="0.01"} 40
        websocket_delivery_duration_seconds_bucket{type="widget",le="0.1"} {{40 + slow}}
        websocket_delivery_duration_seconds_bucket{type="widget",le="+Inf"} {{40 + slow}}

        """;

    // Without an end, since a busy machine may take longer than a lease lives.
    private async Task RegisterAsync(string id, Uri address, bool ready = true)
    {
        await _api.Services.GetRequiredService<NodeRegistry>().RenewAsync(
            new NodeReport(id, address, "here", 4711, DateTimeOffset.UnixEpoch.AddSeconds(id[^1]), ready, 3, 1, AdminDialogs: 2, SiteDialogs: 1, PoolLimit: 100),
            NodeDialogs.None,
            dialogsChanged: true,
            TestTimeout.Token());
        var database = _api.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await Task.WhenAll(database.KeyPersistAsync($"replyx:node:{id}"), database.KeyPersistAsync($"replyx:node:{id}:dialogs"));
    }

    private static async Task<MetricsNode> StartNodeAsync(Func<string?> metrics)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var node = new MetricsNode(builder.Build(), metrics);
        await node.App.StartAsync(TestTimeout.Token());
        return node;
    }

    /// <summary>What a node says at /metrics; where there is nothing to say it hangs.</summary>
    private sealed class MetricsNode : IAsyncDisposable
    {
        private int _asked;

        public MetricsNode(WebApplication app, Func<string?> metrics)
        {
            App = app;
            app.Run(async context =>
            {
                Interlocked.Increment(ref _asked);
                context.Response.StatusCode = context.Request.Headers.Authorization == $"Bearer {Token}" ? 200 : 401;
                if (metrics() is { } text)
                {
                    await context.Response.WriteAsync(text);
                    return;
                }

                Hanging.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            });
        }

        public WebApplication App { get; }

        public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Asked => Volatile.Read(ref _asked);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
