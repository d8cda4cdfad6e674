using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Connections;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>What <c>/health/websocket</c> says of the cluster, and what saying it costs.</summary>
public sealed class ClusterReportTests
{
    private static readonly string[] _reading = ["smembers", "mget", "eval", "evalsha", "sunion"];

    [Fact]
    public async Task A_few_dialogs_are_counted_exactly_over_nodes_and_pools()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var first = await RealtimeNode.StartAsync(redis);
        await using var second = await RealtimeNode.StartAsync(redis);
        var (shared, sharedToken) = await first.OpenDialogAsync();
        var (other, otherToken) = await first.OpenDialogAsync();
        var (site, siteToken) = await first.OpenDialogAsync(DialogMode.Site);
        List<TestSocket> sockets =
        [
            (await TestSocket.OpenAsync(first.Url, $"/ws/widget/dialogs/{shared.DialogId}", sharedToken)).Socket,
            (await TestSocket.OpenAsync(second.Url, $"/ws/widget/dialogs/{shared.DialogId}", sharedToken)).Socket,
            (await TestSocket.OpenAsync(second.Url, $"/ws/dialogs/{shared.DialogId}", second.OperatorToken())).Socket,
            (await TestSocket.OpenAsync(second.Url, $"/ws/widget/dialogs/{other.DialogId}", otherToken)).Socket,
            (await TestSocket.OpenAsync(first.Url, $"/ws/site/dialogs/{site.DialogId}", siteToken)).Socket,
            (await TestSocket.OpenAsync(second.Url, "/ws/dialogs", second.OperatorToken())).Socket,
        ];

        foreach (var node in (RealtimeNode[])[first, second])
        {
            var health = await UntilAsync(node, health =>
                health.GetProperty("active_admin_connections").GetInt32() == 5 && health.GetProperty("active_site_connections").GetInt32() == 1);
            Assert.Equal(2, health.GetProperty("total_dialogs_admin").GetInt32());
            Assert.Equal(1, health.GetProperty("total_dialogs_site").GetInt32());
            Assert.False(health.GetProperty("dialogs_estimated").GetBoolean());
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_report_costs_Redis_no_more_for_many_dialogs_than_for_few()
    {
        const int reports = 50;
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        var few = await CostAsync(100);
        var many = await CostAsync(20_000);

        // Once a second the node asks for credentials taken back, by a script.
        Assert.InRange(many.Commands, reports, few.Commands + (reports / 2));
        Assert.True(
            many.Microseconds < (10 * few.Microseconds) + 1_000,
            $"{reports} reports took Redis {few.Microseconds} µs for 100 dialogs, and {many.Microseconds} µs for 20,000");
        Assert.True(many.Bytes < reports * 64 * 1024, $"{reports} reports read {many.Bytes} bytes");

        async Task<(long Commands, long Microseconds, long Bytes)> CostAsync(int dialogs)
        {
            var pool = node.Service<ConnectionTable>().Pools[NodeRegistry.AdminPool];
            for (var id = 1; id <= dialogs; id++)
            {
                pool.Add(StreamKey.ForDialog("acme", id));
            }

            await UntilAsync(node, health => health.GetProperty("total_dialogs_admin").GetInt32() == dialogs);
            var registry = node.Service<NodeRegistry>();
            var before = await StatisticsAsync(client);
            for (var i = 0; i < reports; i++)
            {
                Assert.Equal(dialogs, (await registry.ReportAsync(TestTimeout.Token())).AdminDialogs);
            }

            var after = await StatisticsAsync(client);
            for (var id = 1; id <= dialogs; id++)
            {
                pool.Remove(StreamKey.ForDialog("acme", id));
            }

            return (after.Commands - before.Commands, after.Microseconds - before.Microseconds, after.Bytes - before.Bytes);
        }
    }

    [Fact]
    public async Task However_many_ask_the_cluster_is_read_once_a_second()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        using var http = new HttpClient { BaseAddress = node.Url };
        var before = await StatisticsAsync(client);
        var clock = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => http.GetStringAsync("/health/websocket", TestTimeout.Token())));

        var after = await StatisticsAsync(client);
        const int commandsPerRead = 2;

        // And once a second the node asks for credentials taken back.
        const int commandsPerSecond = commandsPerRead + 1;
        Assert.InRange(after.Commands - before.Commands, commandsPerRead, commandsPerSecond * ((long)clock.Elapsed.TotalSeconds + 2));
    }

    private static async Task<JsonElement> UntilAsync(RealtimeNode node, Func<JsonElement, bool> isSo)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        var deadline = TestTimeout.Token();
        while (true)
        {
            // The lease is renewed and the answer made anew once a second.
            var health = await http.GetFromJsonAsync<JsonElement>("/health/websocket", deadline);
            if (isSo(health))
            {
                return health;
            }

            await Task.Delay(100, deadline);
        }
    }

    // Of the commands that a report gives, or could.
    private static async Task<(long Commands, long Microseconds, long Bytes)> StatisticsAsync(ConnectionMultiplexer client)
    {
        var server = client.GetServers().Single();
        var stats = (await server.InfoAsync("commandstats")).SelectMany(group => group)
            .Where(entry => _reading.Contains(entry.Key["cmdstat_".Length..]))
            .Select(entry => entry.Value.Split(',').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]))
            .ToList();
        var bytes = (await server.InfoAsync("stats")).SelectMany(group => group).Single(entry => entry.Key == "total_net_output_bytes").Value;
        return (Sum("calls"), Sum("usec"), long.Parse(bytes, CultureInfo.InvariantCulture));

        long Sum(string name) => stats.Sum(entry => long.Parse(entry[name], CultureInfo.InvariantCulture));
    }
}
