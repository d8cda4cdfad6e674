using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Draining;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Health;

/// <summary>How <c>/health/websocket</c> judges, and who sees each node.</summary>
public sealed class WebSocketHealthTests
{
    private const string MetricsToken = "a metrics token for this test";

    [Fact]
    public async Task A_node_that_takes_no_sockets_is_a_reason_to_look_and_none_at_all_an_outage()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var first = await RealtimeNode.StartAsync(redis);
        await using var second = await RealtimeNode.StartAsync(redis);
        await UntilAsync(first, health => health.Body.GetProperty("ready_nodes").GetInt32() == 2 && health.Is("healthy", HttpStatusCode.OK));

        second.Service<Drainer>().Drain();
        var degraded = await UntilAsync(first, health => health.Is("degraded", HttpStatusCode.OK));
        Assert.Equal("1 of 2 nodes take no new sockets.", Assert.Single(degraded.Reasons));

        first.Service<Drainer>().Drain();
        var unhealthy = await UntilAsync(second, health => health.Is("unhealthy", HttpStatusCode.ServiceUnavailable));
        Assert.Equal("No node is ready.", Assert.Single(unhealthy.Reasons));

        first.Service<Drainer>().Undrain();
        second.Service<Drainer>().Undrain();
        await UntilAsync(first, health => health.Is("healthy", HttpStatusCode.OK) && !health.Body.TryGetProperty("reasons", out _));
    }

    [Fact]
    public async Task A_pool_that_is_nearly_full_is_a_reason_to_look()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Limits:SocketsPerPool", "10"));
        var pool = node.Service<ConnectionTable>().Pools[NodeRegistry.AdminPool];
        for (var id = 1; id <= 8; id++)
        {
            pool.Add(StreamKey.ForDialog("acme", id));
        }

        await UntilAsync(node, health => health.Body.GetProperty("active_admin_connections").GetInt32() == 8 && health.Is("healthy", HttpStatusCode.OK));
        pool.Add(StreamKey.ForDialog("acme", 9));

        var degraded = await UntilAsync(node, health => health.Is("degraded", HttpStatusCode.OK));
        Assert.Equal("The pool ws_connections is 90 % full.", Assert.Single(degraded.Reasons));
    }

    [Fact]
    public async Task Without_Redis_it_says_so_and_what_was_known_last()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await node.OpenDialogAsync();
        await using var socket = (await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;
        await UntilAsync(node, health => health.Body.GetProperty("active_admin_connections").GetInt32() == 1);

        await redis.PauseAsync();

        var unhealthy = await UntilAsync(node, health => health.Is("unhealthy", HttpStatusCode.ServiceUnavailable));
        Assert.Equal("The backplane does not answer.", Assert.Single(unhealthy.Reasons));
        Assert.Equal(1, unhealthy.Body.GetProperty("active_admin_connections").GetInt32());
        Assert.False(unhealthy.Body.TryGetProperty("backplane_milliseconds", out _));

        await redis.ResumeAsync();
        await UntilAsync(node, health => health.Is("healthy", HttpStatusCode.OK));
    }

    [Fact]
    public async Task Each_node_is_shown_to_operators_and_to_the_platform_and_to_nobody_else()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Metrics:Token", MetricsToken), ("Operations:Token", "an operations token for this test"));
        var (_, visitor) = await node.OpenDialogAsync();
        await UntilAsync(node, health => health.Body.GetProperty("nodes").GetInt32() == 1);

        foreach (var token in (string[])[node.OperatorToken(), MetricsToken, "an operations token for this test"])
        {
            var (_, body) = await AskAsync(node, token);
            var shown = Assert.Single(body.GetProperty("per_node").EnumerateArray());
            Assert.True(shown.GetProperty("ready").GetBoolean());
            Assert.Equal(15_000, shown.GetProperty("pool_limit").GetInt32());
            Assert.Equal(ServiceVersion.Current, shown.GetProperty("version").GetString());
            Assert.Equal(shown.GetProperty("id").GetString(), body.GetProperty("node").GetString());
        }

        var open = (await AskAsync(node, token: null)).Body;
        Assert.False(open.TryGetProperty("per_node", out _));
        Assert.False(open.TryGetProperty("node", out _));
        foreach (var token in (string[])[visitor, "forged", ""])
        {
            var (status, body) = await AskAsync(node, token);
            Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (status, body.GetProperty("code").GetString()));
        }
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(RealtimeNode node, string? token)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.GetAsync(new Uri("/health/websocket", UriKind.Relative), TestTimeout.Token());
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token()));
    }

    private static async Task<Health> UntilAsync(RealtimeNode node, Func<Health, bool> isSo)
    {
        // The lease is renewed and the answer made anew once a second.
        var deadline = TestTimeout.Token();
        while (true)
        {
            var (status, body) = await AskAsync(node, token: null);
            var health = new Health(status, body);
            if (isSo(health))
            {
                return health;
            }

            Assert.False(deadline.IsCancellationRequested, body.ToString());
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private sealed record Health(HttpStatusCode Status, JsonElement Body)
    {
        public IEnumerable<string?> Reasons => Body.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString());

        public bool Is(string status, HttpStatusCode code) => Body.GetProperty("status").GetString() == status && Status == code;
    }
}
