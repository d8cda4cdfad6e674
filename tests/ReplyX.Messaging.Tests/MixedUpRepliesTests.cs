using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests;

/// <summary>An answer on a connection that is out of step belongs to another command, and must not pass for one's own.</summary>
public sealed class MixedUpRepliesTests
{
    [Fact]
    public async Task An_append_is_not_acknowledged_by_the_answer_to_another()
    {
        await using var server = await RedisServer.StartAsync(RedisKind.Garnet);
        await using var proxy = new ReplyLosingProxy(server.Port);
        await using var messaging = await MessagingHost.ConnectAsync(proxy.ConnectionString);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SayAsync(dialog, "c1", "the scripts are loaded now");

        var lost = proxy.LoseNextList();
        var first = messaging.SayAsync(dialog, "c2", "hello");
        await lost.Within("the answer to be lost");
        _ = messaging.SayAsync(dialog, "c3", "its answer comes to the one before").ContinueWith(_ => { }, TaskScheduler.Default);

        await Assert.ThrowsAsync<MessagingUnavailableException>(() => first);
    }

    [Fact]
    public async Task A_page_is_not_read_from_the_answer_to_another_reading()
    {
        await using var server = await RedisServer.StartAsync(RedisKind.Garnet);
        await using var proxy = new ReplyLosingProxy(server.Port);
        await using var messaging = await MessagingHost.ConnectAsync(proxy.ConnectionString);
        var dialog = await messaging.OpenDialogAsync();
        var other = await messaging.OpenDialogAsync();
        await messaging.ReadAllAsync(dialog);

        var lost = proxy.LoseNextList();
        var reading = messaging.Log.ReadAfterAsync(dialog, Cursor.Start, 100, TestTimeout.Token());
        await lost.Within("the answer to be lost");
        _ = messaging.Log.ReadAfterAsync(other, Cursor.Start, 100, TestTimeout.Token()).ContinueWith(_ => { }, TaskScheduler.Default);

        await Assert.ThrowsAsync<MessagingUnavailableException>(() => reading);
    }

    [Fact]
    public async Task An_answer_that_is_no_list_means_not_now()
    {
        await using var server = await RedisServer.StartAsync(RedisKind.Garnet);
        await using var proxy = new ReplyLosingProxy(server.Port);
        await using var messaging = await MessagingHost.ConnectAsync(proxy.ConnectionString);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SayAsync(dialog, "c1", "the scripts are loaded now");

        var lost = proxy.LoseNextList();
        var append = messaging.SayAsync(dialog, "c2", "hello");
        await lost.Within("the answer to be lost");
        _ = messaging.Database.PingAsync().ContinueWith(_ => { }, TaskScheduler.Default);

        await Assert.ThrowsAsync<MessagingUnavailableException>(() => append);
    }
}
