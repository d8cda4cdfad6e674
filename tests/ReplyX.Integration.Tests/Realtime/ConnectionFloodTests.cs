using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Connections that want nothing take no place from those that do, and no file that the process needs.</summary>
public sealed class ConnectionFloodTests
{
    private const string Service = "ReplyX.Realtime";
    private const string Flooder = "127.0.0.1";
    private const string Honest = "127.0.0.2";

    // A node has about 290 files open for itself.
    private const int Files = 500;
    private const int Flood = 1_000;

    [Theory]
    [InlineData("")]
    [InlineData("GET /ws/dialogs HTTP/1.1\r\nHost: local")]
    public async Task A_flood_from_one_address_leaves_the_node_alive_and_others_their_places(string said)
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var helper = await RealtimeNode.StartAsync(redis);
        await using var node = await PublishedService.StartAsync(Service, PublishedService.Settings(redis.ConnectionString), Files);
        var (dialog, token) = await helper.OpenDialogAsync();
        var request = RawConnection.UpgradeRequest(
            $"/ws/widget/dialogs/{dialog.DialogId}", extra: $"Sec-WebSocket-Protocol: replyx.v1, replyx.token.{token}\r\n");
        var before = node.OpenFiles;

        List<RawConnection> flood = [];
        for (var i = 0; i < Flood; i++)
        {
            // One that is closed at once may look as if it had not come about.
            if (await RawConnection.TryOpenAsync(node.Address, Flooder) is { } connection)
            {
                flood.Add(connection);
                await connection.TrySendAsync(said);
            }
        }

        using (var honest = await RawConnection.OpenAsync(node.Address, Honest))
        {
            await honest.SendAsync(request);
            Assert.StartsWith("HTTP/1.1 101 ", await honest.ReadHeadAsync(), StringComparison.Ordinal);
            await honest.ReadUntilAsync("\"connected\"");
            await helper.SayAsync(dialog, "heard amid the flood");
            await honest.ReadUntilAsync("heard amid the flood");
        }

        Assert.Contains("HTTP/1.1 200 ", await GetAsync(node, "/alive", Honest), StringComparison.Ordinal);
        Assert.False(node.HasExited, node.Log.Last);

        flood.ForEach(connection => connection.Dispose());
        await UntilFilesAsync(node, before);
        Assert.Contains("HTTP/1.1 200 ", await GetAsync(node, "/alive", Flooder), StringComparison.Ordinal);
        Assert.Contains("edge_connections_refused_total{reason=\"address\"}", await GetAsync(node, "/metrics", Honest), StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", node.Log.Last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_connections_and_slow_heads_are_closed_and_open_sockets_are_not()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(
            redis, ("Connections:IdleTimeout", "00:00:01"), ("Connections:RequestHeadTimeout", "00:00:01"));
        await using var socket = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken())).Socket;
        using var idle = await RawConnection.OpenAsync(node.Url);
        using var slow = await RawConnection.OpenAsync(node.Url);
        await slow.SendAsync("GET /ws/dialogs HTTP/1.1\r\nHost: local");

        await idle.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 408 ", await slow.ReadToEndAsync(), StringComparison.Ordinal);

        // It was silent as long as both.
        await socket.SendAsync("__ping__");
        Assert.Equal("__pong__", await socket.ReceiveTextAsync());
    }

    [Fact]
    public async Task Files_come_back_after_a_flood_of_refused_upgrades_whose_clients_stay()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await PublishedService.StartAsync(Service, PublishedService.Settings(redis.ConnectionString));
        async Task<RawConnection> RefusedAsync()
        {
            var connection = await RawConnection.OpenAsync(node.Address);
            await connection.SendAsync(RawConnection.UpgradeRequest("/ws/dialogs", key: "short"));
            Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadHeadAsync(), StringComparison.Ordinal);
            return connection;
        }

        // The first one loads what is needed to answer.
        (await RefusedAsync()).Dispose();
        var before = node.OpenFiles;

        List<RawConnection> refused = [];
        for (var i = 0; i < 300; i++)
        {
            refused.Add(await RefusedAsync());
        }

        // Their clients have not hung up.
        await UntilFilesAsync(node, before);
        refused.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task A_limit_of_files_that_leaves_no_place_ends_the_start()
    {
        var settings = PublishedService.Settings("127.0.0.1:1,abortConnect=false");
        var (exitCode, output) = await PublishedService.RunAsync(Service, settings, files: 360);

        Assert.Contains("Not started: The process may open 360 files", output, StringComparison.Ordinal);
        Assert.Equal(78, exitCode);
    }

    [Fact]
    public async Task More_sockets_than_there_are_connections_are_warned_of_in_one_line()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await PublishedService.StartAsync(Service, PublishedService.Settings(redis.ConnectionString), Files);

        Assert.Single(node.Log.Last.Split('\n'), line => line.Contains("Limits:SocketsPerNode is 15000", StringComparison.Ordinal));
    }

    // Until it is let in: places are given back when the node has seen the end of what held them.
    private static async Task<string> GetAsync(ServiceProcess node, string path, string from)
    {
        while (true)
        {
            using var connection = await RawConnection.TryOpenAsync(node.Address, from);
            if (connection is null)
            {
                continue;
            }

            await connection.TrySendAsync(
                $"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a metrics token for this test\r\nConnection: close\r\n\r\n");
            if (await connection.ReadToEndAsync() is { Length: > 0 } answer)
            {
                return answer;
            }
        }
    }

    // A few assemblies may have been loaded meanwhile.
    private static async Task UntilFilesAsync(ServiceProcess node, int before)
    {
        var deadline = TestTimeout.Token();
        while (node.OpenFiles > before + 40)
        {
            Assert.False(deadline.IsCancellationRequested, $"{node.OpenFiles} files are open, {before} were before");
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
