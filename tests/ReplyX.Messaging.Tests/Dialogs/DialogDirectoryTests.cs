using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Dialogs;

public sealed class DialogDirectoryTests
{
    public static TheoryData<RedisKind> Servers => [RedisKind.Redis, RedisKind.Garnet];

    [Theory, MemberData(nameof(Servers))]
    public async Task Concurrent_calls_of_a_guest_get_one_dialog_with_one_welcome(RedisKind kind)
    {
        await using var server = await RedisServer.StartAsync(kind);
        await using var messaging = await MessagingHost.ConnectAsync(server);

        var opened = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            messaging.Dialogs.OpenAsync(MessagingHost.Site, DialogMode.Widget, "ann", TestTimeout.Token())));

        Assert.Single(opened.Select(result => result.Dialog.Id).Distinct());
        Assert.Single(opened, result => result.Created);
        var welcome = Assert.Single(await messaging.ReadAllAsync(opened[0].Dialog.Key));
        Assert.All(opened, result => Assert.Equal(welcome.Cursor, result.Head));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_dialog_is_listed_and_kept_from_the_visitors_first_message_on(RedisKind kind)
    {
        await using var server = await RedisServer.StartAsync(kind);
        await using var messaging = await MessagingHost.ConnectAsync(server);
        var dialog = await messaging.OpenDialogAsync();
        string[] keys = [$"{{acme}}:dialog:{dialog.DialogId}", $"{{acme}}:dialog:{dialog.DialogId}:log"];

        Assert.Empty((await messaging.Dialogs.ListForAccountAsync("acme", 0, 10, TestTimeout.Token())).Items);
        foreach (var key in keys)
        {
            Assert.InRange((await messaging.Database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        }

        await messaging.SayAsync(dialog, "c1", "hello");

        var listed = Assert.Single((await messaging.Dialogs.ListForAccountAsync("acme", 0, 10, TestTimeout.Token())).Items);
        Assert.Equal(dialog, listed.Key);
        Assert.Equal("hello", listed.Last!.Preview);
        foreach (var key in keys)
        {
            Assert.Null(await messaging.Database.KeyTimeToLiveAsync(key));
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_dialog_that_expired_unwritten_gives_way_to_a_new_one(RedisKind kind)
    {
        await using var server = await RedisServer.StartAsync(kind);
        await using var messaging = await MessagingHost.ConnectAsync(server);
        Task<OpenedDialog> Open() => messaging.Dialogs.OpenAsync(MessagingHost.Site, DialogMode.Site, "ann", TestTimeout.Token());
        var first = await Open();
        await messaging.Database.KeyDeleteAsync([$"{{acme}}:dialog:{first.Dialog.Id}", $"{{acme}}:dialog:{first.Dialog.Id}:log"]);

        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open()));

        Assert.NotEqual(first.Dialog.Id, Assert.Single(opened.Select(result => result.Dialog.Id).Distinct()));
        Assert.Single(await messaging.Dialogs.ListForGuestAsync("acme", "ann", 10, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_feed_tells_what_lists_show_in_one_order(RedisKind kind)
    {
        await using var server = await RedisServer.StartAsync(kind);
        await using var messaging = await MessagingHost.ConnectAsync(server);
        var dialogs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => messaging.OpenDialogAsync()));
        await Task.WhenAll(dialogs.SelectMany(dialog => Enumerable.Range(0, 4).Select(i => messaging.SayAsync(dialog, $"c{i}", $"text {i}"))));

        var feed = await messaging.ReadAllAsync(StreamKey.ForFeed("acme"));

        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), feed.Select(entry => entry.Seq));
        Assert.Equal(5, feed.Count(entry => System.Text.Encoding.UTF8.GetString(entry.Payload.Span).Contains("\"dialog_new\"", StringComparison.Ordinal)));
    }
}
