using System.Net.WebSockets;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>Visitors who leave before they are let in take nothing from those who come after them, and leave nothing behind.</summary>
public sealed class AbortedConnectTests
{
    // A position check, which would find what was lost, comes after 45 s at the earliest.
    private static readonly TimeSpan _promptly = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_visitor_who_reloads_while_a_subscription_is_slow_hears_all_that_is_said()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var proxy = new LossyProxy(redis.Port);
        await using var node = await RealtimeNode.StartAsync(redis, ("ConnectionStrings:redis", $"127.0.0.1:{proxy.Port}"));
        var (dialog, token) = await node.OpenDialogAsync();
        var path = Path(dialog);
        var (reached, passed) = HoldSubscription(proxy);
        using (var first = await RawConnection.OpenAsync(node.Url))
        {
            await first.SendAsync(FrameSocket.Request(path, token));
            await reached.Within("the first subscription to be under way");
        }

        // The first subscription, which nobody needs any more, is given up after five seconds, and the second is heard by Redis after
        // that, in time for itself: no signal tells of the one, and the test passes with any other delays.
        await Task.Delay(TimeSpan.FromSeconds(3), TestTimeout.Token());
        var opening = OpenUntilLetInAsync(node, path, token);
        await Task.Delay(TimeSpan.FromSeconds(4), TestTimeout.Token());
        passed.SetResult();
        await using var second = await opening;

        await AssertHearsAsync(node, dialog, second);
    }

    [Fact]
    public async Task A_dialog_is_heard_whenever_in_a_stall_its_visitors_come_and_go()
    {
        var random = Seed.Random();
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var proxy = new LossyProxy(redis.Port);
        await using var node = await RealtimeNode.StartAsync(redis, ("ConnectionStrings:redis", $"127.0.0.1:{proxy.Port}"));
        List<(StreamKey Dialog, string Token)> dialogs = [];
        for (var i = 0; i < 30; i++)
        {
            dialogs.Add(await node.OpenDialogAsync());
        }

        var (reached, passed) = HoldSubscription(proxy);
        var delays = dialogs.Select(_ => (Leaves: random.Next(3_000), Returns: random.Next(4_500))).ToArray();
        var visits = dialogs.Select(async (each, i) =>
        {
            using (var first = await RawConnection.OpenAsync(node.Url))
            {
                await first.SendAsync(FrameSocket.Request(Path(each.Dialog), each.Token));
                await reached.Within("a subscription to be under way");
                await Task.Delay(delays[i].Leaves, TestTimeout.Token());
            }

            await Task.Delay(delays[i].Returns, TestTimeout.Token());
            return await OpenUntilLetInAsync(node, Path(each.Dialog), each.Token);
        }).ToArray();
        await reached.Within("a subscription to be under way");
        await Task.Delay(TimeSpan.FromSeconds(8), TestTimeout.Token());
        passed.SetResult();
        var sockets = await Task.WhenAll(visits);

        await Task.WhenAll(sockets.Select((socket, i) => AssertHearsAsync(node, dialogs[i].Dialog, socket)));
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_subscription_that_comes_about_after_its_visitor_left_is_given_back()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var proxy = new LossyProxy(redis.Port);
        await using var node = await RealtimeNode.StartAsync(redis, ("ConnectionStrings:redis", $"127.0.0.1:{proxy.Port}"));
        var (left, leftToken) = await node.OpenDialogAsync();
        var (other, otherToken) = await node.OpenDialogAsync();
        var (reached, passed) = HoldSubscription(proxy);
        using (var first = await RawConnection.OpenAsync(node.Url))
        {
            await first.SendAsync(FrameSocket.Request(Path(left), leftToken));
            await reached.Within("the subscription to be under way");
        }

        // Long enough for the node to see that the visitor left, and not for the subscription to be given up.
        await Task.Delay(TimeSpan.FromSeconds(1), TestTimeout.Token());
        passed.SetResult();

        // Behind the first one on its way to Redis: when this one is heard, that one was.
        await using (var next = (await TestSocket.OpenAsync(node.Url, Path(other), otherToken)).Socket)
        {
            await next.CloseAsync();
        }

        await AssertNothingIsSubscribedAsync(redis);
    }

    [Fact]
    public async Task A_thousand_connects_that_are_aborted_at_once_leave_no_subscription()
    {
        var random = Seed.Random();
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await RealtimeNode.StartAsync(redis, ("Limits:SocketsPerPrincipal", "1000"), ("Limits:SocketsPerDialog", "1000"));
        List<(StreamKey Dialog, string Token)> dialogs = [];
        for (var i = 0; i < 250; i++)
        {
            dialogs.Add(await node.OpenDialogAsync());
        }

        // Eight at a time, each with its own numbers.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new Random(random.Next())).ToArray().Select(async own =>
        {
            for (var i = 0; i < 125; i++)
            {
                var (dialog, token) = dialogs[own.Next(dialogs.Count)];
                using var connection = await RawConnection.OpenAsync(node.Url);
                await connection.SendAsync(FrameSocket.Request(Path(dialog), token));
                await Task.Delay(own.Next(9), TestTimeout.Token());
            }
        }));

        await AssertNothingIsSubscribedAsync(redis);
    }

    private static string Path(StreamKey dialog) => $"/ws/widget/dialogs/{dialog.DialogId}";

    // Holds the next request to subscribe, and what follows it on its connection, until it is told to let it pass.
    private static (Task Reached, TaskCompletionSource Passed) HoldSubscription(LossyProxy proxy)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // A dialog's, and not the probe's that a node sends every few seconds.
        proxy.BeforeRequest("SUBSCRIBE*:dialog:", () =>
        {
            reached.SetResult();
            return passed.Task;
        });
        return (reached.Task, passed);
    }

    // A node may refuse with 503 as long as Redis is slow; a client comes again.
    private static async Task<TestSocket> OpenUntilLetInAsync(RealtimeNode node, string path, string token)
    {
        while (true)
        {
            try
            {
                return (await TestSocket.OpenAsync(node.Url, path, token)).Socket;
            }
            catch (WebSocketException exception) when (exception.Message.Contains("503", StringComparison.Ordinal))
            {
                await Task.Delay(100, TestTimeout.Token());
            }
        }
    }

    private static async Task AssertHearsAsync(RealtimeNode node, StreamKey dialog, TestSocket socket)
    {
        for (var i = 0; i < 5; i++)
        {
            await node.SayAsync(dialog, $"{i}");
        }

        for (var i = 0; i < 5; i++)
        {
            var heard = await socket.ReceiveAsync().Within($"event {i + 1} of 5 of {dialog}", _promptly);
            while (heard.GetProperty("type").GetString() == "error")
            {
                // The stall was noticed, and told.
                heard = await socket.ReceiveAsync().Within($"event {i + 1} of 5 of {dialog}", _promptly);
            }

            Assert.Equal($"{i}", heard.GetProperty("text").GetString());
        }
    }

    private static async Task AssertNothingIsSubscribedAsync(RedisServer redis)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var server = client.GetServer("127.0.0.1", redis.Port);
        var deadline = TestTimeout.Token(_promptly);
        RedisChannel[] channels;
        while ((channels = await server.SubscriptionChannelsAsync(RedisChannel.Pattern("{*}:dialog:*"))).Length > 0)
        {
            Assert.False(deadline.IsCancellationRequested, $"{channels.Length} dialogs are subscribed, and no socket is open");
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
