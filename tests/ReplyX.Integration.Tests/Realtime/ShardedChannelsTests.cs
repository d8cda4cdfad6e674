using System.Collections.Concurrent;
using System.Net.WebSockets;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>On a cluster a node hears each channel where its slot is, wherever that goes. What it misses by that it reads.</summary>
public sealed class ShardedChannelsTests : IAsyncLifetime
{
    private const int Count = 40;

    // Of 16,384, the first ones of the first master; and so many dialogs lie in them.
    private const int Moved = 1_200;
    private const int CountMoved = 3;

    private readonly List<Talk> _talks = [];
    private readonly ConcurrentDictionary<long, long> _listed = new();
    private readonly SemaphoreSlim _news = new(0);
    private RedisCluster _cluster = null!;
    private RealtimeNode _node = null!;
    private TestSocket _list = null!;
    private Task _listening = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RedisCluster.RentAsync();

        // No look at quiet dialogs in this time, so that what is not heard is not found by that.
        _node = await RealtimeNode.StartAsync(
            RedisCluster.ConnectionString, configure: null, ("Messaging:SpreadDialogs", "true"), ("Realtime:PositionCheckInterval", "00:30:00"));
        _list = (await TestSocket.OpenAsync(_node.Url, "/ws/dialogs", _node.OperatorToken())).Socket;
        _listening = ListenAsync();
        while (_talks.Count < Count || _talks.Count(talk => SlotOf(talk.Dialog) < Moved) < CountMoved)
        {
            var (dialog, token) = await _node.OpenDialogAsync();
            _talks.Add(new Talk(dialog, (await TestSocket.OpenAsync(_node.Url, $"/ws/widget/dialogs/{dialog.DialogId}", token)).Socket));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var talk in _talks)
        {
            await talk.Socket.DisposeAsync();
        }

        await _node.DisposeAsync();
        await _listening;
        await _list.DisposeAsync();
        _news.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Each_channel_is_published_to_its_own_slot_and_heard_there_wherever_the_slot_goes()
    {
        await SayToAllAsync();
        Assert.Equal(_talks.Count + 1, (await CountAsync("SHARDCHANNELS")).Sum());
        Assert.All(await CountAsync("SHARDCHANNELS"), count => Assert.NotEqual(0, count));
        Assert.Equal(0, (await CountAsync("CHANNELS")).Sum());

        // While people write: there, and back again, so that the cluster is as it was.
        using var stop = new CancellationTokenSource();
        var talking = _talks.Select(talk => TalkAsync(talk, stop.Token)).ToList();
        await RedisCluster.ReshardAsync(from: 0, to: 1, Moved);
        await RedisCluster.ReshardAsync(from: 1, to: 0, Moved);
        await stop.CancelAsync();
        await Task.WhenAll(talking).Within("what was said to be heard");

        Assert.Contains(_node.Logs.Texts, line => line.Contains("are heard at", StringComparison.Ordinal));
        await SayToAllAsync();
        Assert.Equal(_talks.Count + 1, (await CountAsync("SHARDCHANNELS")).Sum());
    }

    [Fact]
    public async Task Subscriptions_that_one_server_has_lost_are_made_again_and_the_others_hear_all_the_while()
    {
        await SayToAllAsync();
        for (var master = 0; master < 3; master++)
        {
            await RedisCluster.Running[master].AskAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await SayToAllAsync();
        }

        Assert.Equal(_talks.Count + 1, (await CountAsync("SHARDCHANNELS")).Sum());
    }

    private int SlotOf(StreamKey dialog) => _node.Service<RedisPrimary>().SlotOf(Backplane.ChannelOf(dialog));

    private static async Task<int[]> CountAsync(string kind)
    {
        List<int> counts = [];
        for (var master = 0; master < 3; master++)
        {
            var channels = await RedisCluster.Running[master].AskAsync("PUBSUB", kind, "{*");
            counts.Add(channels.Split('\n').Count(line => line.StartsWith('{')));
        }

        return [.. counts];
    }

    // Whatever is appended is heard by its dialog's socket, and the list hears of all of it.
    private async Task SayToAllAsync()
    {
        foreach (var talk in _talks)
        {
            await SayAsync(talk);
        }

        await Task.WhenAll(_talks.Select(HearAsync)).Within("every dialog's socket to hear what was said");
        while (_talks.Find(talk => _listed.GetValueOrDefault(talk.Dialog.DialogId) < talk.Last) is { } unheard)
        {
            await _news.WaitAsync(TestTimeout.Token()).Within($"the list to hear of event {unheard.Last} of {unheard.Dialog}");
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            while (await _list.TryReceiveAsync("the list's next event") is { } update)
            {
                if (update.TryGetProperty("last_seq", out var seq))
                {
                    _listed[update.GetProperty("dialog_id").GetInt64()] = seq.GetInt64();
                    _news.Release();
                }
            }
        }
        catch (WebSocketException)
        {
            // The node has ended with the test.
        }
    }

    private async Task TalkAsync(Talk talk, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await SayAsync(talk);
            await HearAsync(talk);
        }
    }

    private async Task SayAsync(Talk talk)
    {
        var owner = talk.Owner ??= (await _node.Dialogs.FindAsync(talk.Dialog, TestTimeout.Token()))!.Owner;
        var message = new NewMessage(IdempotencyKey.Unique("g.test"), Sender.User, $"{talk.Last}");
        while (true)
        {
            try
            {
                talk.Last = (await _node.Log.AppendMessageAsync(talk.Dialog, owner, message, TestTimeout.Token())).Entry.Seq;
                return;
            }
            catch (MessagingUnavailableException)
            {
                // Not now: its slot moves.
                await Task.Delay(10, TestTimeout.Token());
            }
        }
    }

    // Each once, in order.
    private static async Task HearAsync(Talk talk)
    {
        while (talk.Heard < talk.Last)
        {
            var heard = await talk.Socket.ReceiveAsync($"{talk.Dialog}, event {talk.Heard + 1}");
            if (heard.GetProperty("type").GetString() == "message")
            {
                Assert.Equal(talk.Heard + 1, heard.GetProperty("seq").GetInt64());
                talk.Heard++;
            }
        }
    }

    private sealed class Talk(StreamKey dialog, TestSocket socket)
    {
        public StreamKey Dialog => dialog;

        public TestSocket Socket => socket;

        public DialogOwner? Owner { get; set; }

        /// <summary>The last event that was appended; the first is the welcome, which the socket has not heard.</summary>
        public long Last { get; set; } = 1;

        public long Heard { get; set; } = 1;
    }
}
