using System.Globalization;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Routes;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>A log that lost its latest events while a node followed it, and a client whose cursor is the last that is left.</summary>
public sealed class RollbackTests
{
    // To resume takes a few; a node that asks without a pause asks thousands of times.
    private const long Few = 30;
    private static readonly TimeSpan _promptly = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_client_whose_cursor_is_the_last_event_that_is_left_makes_no_load_on_Redis()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Limits:FrameBurst", "10000"));
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        await using var bystander = (await TestSocket.OpenAsync(node.Url, "/ws/dialogs", node.OperatorToken("other"))).Socket;
        var (path, token, cursor, watcher) = await RollBackAsync(node, client);
        await using var watching = watcher;
        using var back = await FrameSocket.OpenAndGreetAsync(node.Url, path, token, cursor);

        // As many rounds as take a node that is at ease some tenths of a second.
        var before = await CountReadsAsync(client);
        for (var i = 0; i < 2_000; i++)
        {
            await bystander.SendAsync("__ping__");
            Assert.Equal("__pong__", await bystander.ReceiveTextAsync());
        }

        Assert.InRange(await CountReadsAsync(client) - before, 0, Few);
    }

    [Fact]
    public async Task A_client_whose_cursor_is_the_last_event_that_is_left_is_served_or_sent_to_reload()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        var (path, token, cursor, watcher) = await RollBackAsync(node, client);
        await using var watching = watcher;
        using var back = await FrameSocket.OpenAndGreetAsync(node.Url, path, token, cursor);

        // A socket that neither answers nor is closed is neither.
        await back.SendAsync(ClientFrame.Text("__ping__"));
        var told = await ReadAsync(back, "the pong or the close");

        Assert.True(told is "close 1012" || told.Contains("__pong__", StringComparison.Ordinal), told);
    }

    [Fact]
    public async Task A_client_whose_cursor_is_the_last_event_that_is_left_gets_what_the_log_grows_by()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        var (path, token, cursor, watcher) = await RollBackAsync(node, client);
        await using var watching = watcher;
        var dialog = StreamKey.ForDialog("acme", long.Parse(path.Split('/')[^1], CultureInfo.InvariantCulture));

        // It is sent to reload once at most, and comes back with the same cursor.
        string told;
        do
        {
            using var back = await FrameSocket.OpenAndGreetAsync(node.Url, path, token, cursor);
            await node.SayAsync(dialog, "regrown");
            told = await ReadAsync(back, "the event or the close");
        }
        while (told == "close 1012");

        Assert.Contains("\"seq\":4,", told, StringComparison.Ordinal);
        Assert.Contains("regrown", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_not_open_yet_keeps_nobody_from_being_sent_to_reload()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis);
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        var (dialog, token) = await node.OpenDialogAsync();
        var loop = node.Service<DeliveryLoops>().Of(dialog);
        var joined = new SocketConnection(
            new Peer(SocketRoutes.All[0], dialog, "guest", "g.guest", Name: null, TimeProvider.System.GetUtcNow().AddDays(1)), loop);
        Assert.True(await await loop.InvokeAsync(joined.JoinAsync));
        await using var watcher = (await TestSocket.OpenAsync(node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket;
        await node.SayAsync(dialog, "said");
        await watcher.ReceiveAsync();

        await client.GetDatabase().ListTrimAsync($"{Backplane.ChannelOf(dialog)}:log", 0, 0);
        loop.Post(() => loop.Find(dialog)!.CatchUp());

        Assert.Null(await watcher.TryReceiveAsync("the close"));
        Assert.Equal((1012, false), (watcher.CloseCode, joined.IsClosing));
        loop.Post(joined.Cut);
    }

    // Whoever is there for some seconds is asked for a sign of life, which is no answer.
    private static async Task<string> ReadAsync(FrameSocket socket, string what)
    {
        while (true)
        {
            var frame = await socket.ReadAsync(what, _promptly);
            if (frame?.Opcode != ClientFrame.PingOpcode)
            {
                return frame?.ToString() ?? "the end";
            }
        }
    }

    // A dialog of seven events, followed by a socket that has seen them all, whose log then ends at the third.
    private static async Task<(string Path, string Token, string Cursor, TestSocket Watcher)> RollBackAsync(
        RealtimeNode node, ConnectionMultiplexer client)
    {
        var (dialog, token) = await node.OpenDialogAsync();
        var path = $"/ws/widget/dialogs/{dialog.DialogId}";
        var (watcher, _) = await TestSocket.OpenAsync(node.Url, path, token);
        var cursor = "";
        for (var seq = 2; seq <= 7; seq++)
        {
            var said = await node.SayAsync(dialog, "said");
            await watcher.ReceiveAsync();
            cursor = seq == 3 ? said.Cursor.ToString() : cursor;
        }

        await client.GetDatabase().ListTrimAsync($"{Backplane.ChannelOf(dialog)}:log", 0, 2);
        return (path, token, cursor, watcher);
    }

    // Calls of Redis' commands for lists and streams, by whomever.
    private static async Task<long> CountReadsAsync(ConnectionMultiplexer client)
    {
        var info = await client.GetServers().Single().InfoAsync("commandstats");
        return info.SelectMany(section => section)
            .Where(pair => pair.Key.StartsWith("cmdstat_l", StringComparison.Ordinal) || pair.Key.StartsWith("cmdstat_x", StringComparison.Ordinal))
            .Sum(pair => long.Parse(pair.Value.Split('=', ',')[1], CultureInfo.InvariantCulture));
    }
}
