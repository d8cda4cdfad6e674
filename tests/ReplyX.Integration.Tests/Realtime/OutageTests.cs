using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.PubSub;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Redis goes and comes back; sockets stay, are told, and miss nothing.</summary>
public sealed class OutageTests
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Sockets_outlive_a_kill_of_Redis_are_told_and_read_on(RedisKind kind)
    {
        await using var redis = await RedisServer.StartAsync(kind);
        await using var node = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        await using var socket = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
        await node.SayAsync(dialog, "before");
        Assert.Equal("before", (await socket.ReceiveAsync()).GetProperty("text").GetString());

        await redis.KillAsync();

        var notice = await socket.ReceiveAsync("the notice of the outage");
        Assert.Equal("error", notice.GetProperty("type").GetString());
        Assert.Equal("backplane_unavailable", notice.GetProperty("code").GetString());
        await socket.SendAsync("""{"type":"message","text":"during","client_id":"a"}""");
        var refused = await socket.ReceiveAsync("the answer of unknown outcome");
        Assert.Equal("backplane_unavailable", refused.GetProperty("code").GetString());
        Assert.Equal("a", refused.GetProperty("client_id").GetString());
        Assert.True(refused.GetProperty("retry_after_ms").GetInt64() > 0);

        await redis.RestartAsync();

        // By another connection than the node's, which may not be back: the node has to find it by reading on.
        await using (var other = await RealtimeNode.StartAsync(redis))
        {
            await other.SayAsync(dialog, "after");
        }

        Assert.Equal("after", (await socket.ReceiveAsync("what was said while the node was deaf")).GetProperty("text").GetString());
        Assert.DoesNotContain(node.Logs.Errors, line => line.Contains("ReplyX", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_outage_is_told_once_though_Redis_is_heard_before_it_answers()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await node.OpenDialogAsync();
        await using var socket = (await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;
        await using var client = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");

        // Subscriptions are served, and no write is: for longer than the lease, which asks each second, waits for its answer (2 s), and
        // not so long that the append gives up (5 s).
        await client.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "4500", "WRITE");
        await client.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");

        Assert.Equal("backplane_unavailable", (await socket.ReceiveAsync("the notice of the outage")).GetProperty("code").GetString());
        await node.SayAsync(dialog, "after");
        Assert.Equal("after", (await socket.ReceiveAsync("what was said after the outage")).GetProperty("text").GetString());
    }

    [Fact]
    public async Task While_Redis_does_not_answer_new_sockets_are_refused_with_503_and_health_is_bad()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await node.OpenDialogAsync();
        await redis.KillAsync();

        var refusal = await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() =>
            TestSocket.ConnectAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token));
        Assert.Contains("503", refusal.Message, StringComparison.Ordinal);

        using var http = new HttpClient { BaseAddress = node.Url };
        HttpResponseMessage health;
        do
        {
            health = await http.GetAsync("/health/websocket", TestTimeout.Token());
        }
        while (health.IsSuccessStatusCode);
        Assert.Equal(503, (int)health.StatusCode);
        Assert.Contains("\"status\":\"unhealthy\"", await health.Content.ReadAsStringAsync(TestTimeout.Token()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_publish_that_nothing_follows_is_found()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Realtime:PositionCheckInterval", "00:00:01"));
        var (dialog, token) = await node.OpenDialogAsync();
        await using var socket = (await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;
        using var client = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);

        await client.GetDatabase().ListRightPushAsync(
            $"{Backplane.ChannelOf(dialog)}:log",
            $$"""2 0000abcd 1 -{{"\n"}}{"type":"message","dialog_id":{{dialog.DialogId}},"id":2,"seq":2,"cursor":"2-0000abcd","sender":"user","text":"unheard"}""");

        Assert.Equal("unheard", (await socket.ReceiveAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_lost_publish_is_found_however_much_somebody_types()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Realtime:PositionCheckInterval", "00:00:01"));
        var (dialog, token) = await node.OpenDialogAsync();
        await using var visitor = (await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;
        await using var person = (await TestSocket.OpenAsync(node.Url, $"/ws/dialogs/{dialog.DialogId}", node.OperatorToken())).Socket;
        using var client = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        using var heard = new CancellationTokenSource();
        var typing = TypeAsync(person, heard.Token);
        Assert.Equal("typing_start", (await visitor.ReceiveAsync()).GetProperty("type").GetString());

        // In the log, but never published.
        await client.GetDatabase().ListRightPushAsync(
            $"{Backplane.ChannelOf(dialog)}:log",
            $$"""2 0000abcd 1 -{{"\n"}}{"type":"message","dialog_id":{{dialog.DialogId}},"id":2,"seq":2,"cursor":"2-0000abcd","sender":"user","text":"unheard"}""");

        await UntilMessageAsync(visitor).Within("the event whose publish was lost, while somebody types");
        await heard.CancelAsync();
        await typing;
    }

    // Ten times within the interval of the check.
    private static async Task TypeAsync(TestSocket socket, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await socket.SendAsync("""{"type":"typing_start"}""");
            await Task.Delay(100, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task UntilMessageAsync(TestSocket socket)
    {
        System.Text.Json.JsonElement heard;
        do
        {
            heard = await socket.ReceiveAsync();
        }
        while (heard.GetProperty("type").GetString() == "typing_start");

        Assert.Equal("unheard", heard.GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_log_that_was_rolled_back_and_regrew_sends_its_sockets_to_reload()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        await using var socket = (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
        for (var i = 0; i < 5; i++)
        {
            await node.SayAsync(dialog, $"lost {i}");
        }

        var cursor = "";
        for (var i = 0; i < 5; i++)
        {
            cursor = (await socket.ReceiveAsync()).GetProperty("cursor").GetString()!;
        }

        using var client = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await client.GetDatabase().ListTrimAsync($"{Backplane.ChannelOf(dialog)}:log", 0, 1);
        for (var i = 0; i < 5; i++)
        {
            await node.SayAsync(dialog, $"regrown {i}");
        }

        Assert.Equal(1012, await socket.ReceiveCloseAsync());
        var (again, connected) = await TestSocket.OpenAsync(node.Url, path, token, cursor);
        Assert.False(connected.GetProperty("recovered").GetBoolean());
        await again.DisposeAsync();
    }
}
