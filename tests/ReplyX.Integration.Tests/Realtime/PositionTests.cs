using System.Globalization;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Publishes are lost and nothing follows them; what it costs to find them.</summary>
public sealed class PositionTests : IAsyncLifetime
{
    private const int Count = 20;

    private readonly List<(StreamKey Dialog, TestSocket Socket)> _dialogs = [];
    private RedisServer _redis = null!;
    private RealtimeNode _node = null!;
    private ConnectionMultiplexer _client = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(RedisKind.Redis);

        // Each dialog is looked at by itself in thirty of them: for longer than a socket that hears nothing is open.
        _node = await RealtimeNode.StartAsync(_redis, ("Realtime:PositionCheckInterval", "00:00:02"));
        _client = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        for (var i = 0; i < Count; i++)
        {
            var (dialog, token) = await _node.OpenDialogAsync();
            var (socket, _) = await TestSocket.OpenAsync(_node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token);
            _dialogs.Add((dialog, socket));
            await _node.SayAsync(dialog, "heard");
            Assert.Equal("heard", await ReadTextAsync(socket));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, socket) in _dialogs)
        {
            await socket.DisposeAsync();
        }

        await _client.DisposeAsync();
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Quiet_dialogs_of_an_account_cost_one_read_and_a_lost_publish_is_found_by_its_feed()
    {
        await using var monitor = await RedisMonitor.StartAsync(_redis);
        await UntilFeedAloneIsReadAsync(monitor);

        var (quiet, socket) = _dialogs[7];
        await StoreUnheardAsync(quiet, 3);
        Assert.Equal("unheard", await ReadTextAsync(socket));

        foreach (var (dialog, other) in _dialogs.Where(one => one.Dialog != quiet))
        {
            await _node.SayAsync(dialog, "heard");
            Assert.Equal("heard", await ReadTextAsync(other));
        }

        await StoreUnheardAsync(quiet, 4);
        Assert.Equal("unheard", await ReadTextAsync(socket));
        await UntilFeedAloneIsReadAsync(monitor);
    }

    [Fact]
    public async Task Where_the_feed_has_too_many_news_or_is_lost_dialogs_are_looked_at_by_themselves()
    {
        await using var monitor = await RedisMonitor.StartAsync(_redis);
        await UntilFeedAloneIsReadAsync(monitor);
        var database = _client.GetDatabase();
        var (quiet, socket) = _dialogs[3];

        // The feed is emptied: what it was read up to is nowhere.
        await database.KeyDeleteAsync("{acme}:feed");
        await StoreUnheardAsync(quiet, 3, isTold: false);
        Assert.Equal("unheard", await ReadTextAsync(socket));
        await UntilFeedAloneIsReadAsync(monitor);

        // News of other dialogs, more than there are dialogs here.
        for (var i = 0; i < 300; i++)
        {
            await TellAsync(database, 1_000_000 + i, 1);
        }

        await StoreUnheardAsync(quiet, 4, isTold: false);
        Assert.Equal("unheard", await ReadTextAsync(socket));
    }

    // Between two looks at the feed's end no dialog's log is looked at, twice in a row.
    private static async Task UntilFeedAloneIsReadAsync(RedisMonitor monitor)
    {
        for (var (alone, isClean) = (0, false); alone < 2;)
        {
            // Of what scripts do there is nothing to count.
            var command = await monitor.ReadAsync();
            if (!command.Contains("\"LINDEX\"", StringComparison.Ordinal) || command.Contains(" lua]", StringComparison.Ordinal))
            {
                continue;
            }

            var isFeed = command.EndsWith("\"{acme}:feed\" \"-1\"", StringComparison.Ordinal);
            alone = isFeed && isClean ? alone + 1 : 0;
            isClean = isFeed;
        }
    }

    // As the append leaves it, but that nobody was told.
    private async Task StoreUnheardAsync(StreamKey dialog, long seq, bool isTold = true)
    {
        var database = _client.GetDatabase();
        await database.ListRightPushAsync(
            $"{{acme}}:dialog:{dialog.DialogId}:log",
            string.Create(CultureInfo.InvariantCulture, $$"""
                {{seq}} 0000abcd 1 -
                {"type":"message","dialog_id":{{dialog.DialogId}},"id":{{seq}},"seq":{{seq}},"cursor":"{{seq}}-0000abcd","sender":"user","text":"unheard"}
                """));
        if (isTold)
        {
            await TellAsync(database, dialog.DialogId, seq);
        }
    }

    private static async Task TellAsync(IDatabase database, long dialogId, long seq)
    {
        var feed = (await database.ListGetByIndexAsync("{acme}:feed", -1)) is { IsNull: false } last ? long.Parse(((string)last!).Split(' ')[0], CultureInfo.InvariantCulture) + 1 : 1;
        await database.ListRightPushAsync(
            "{acme}:feed",
            string.Create(CultureInfo.InvariantCulture, $$"""
                {{feed}} 0000abcd 1 -
                {"type":"dialog_update","dialog_id":{{dialogId}},"seq":{{feed}},"cursor":"{{feed}}-0000abcd","last_seq":{{seq}},"event":"message","sender":"user"}
                """));
    }

    private static async Task<string?> ReadTextAsync(TestSocket socket)
    {
        while (true)
        {
            var frame = await socket.ReceiveAsync();
            if (frame.TryGetProperty("text", out var text) && frame.GetProperty("sender").GetString() == "user")
            {
                return text.GetString();
            }
        }
    }
}
