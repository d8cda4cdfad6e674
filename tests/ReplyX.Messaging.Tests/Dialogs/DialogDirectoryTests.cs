using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Dialogs;

public class DialogDirectoryTests : MessagingTest
{
    [Theory, MemberData(nameof(Servers))]
    public async Task Concurrent_calls_of_a_guest_get_one_dialog_with_one_welcome(RedisKind kind)
    {
        var messaging = await StartAsync(kind);

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
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        string[] keys = [RedisKeys.Dialog(dialog)!, RedisKeys.Log(dialog)!];

        Assert.Empty((await messaging.Dialogs.SearchAsync("acme", DialogFilter.All, 0, 10, TestTimeout.Token())).Items);
        foreach (var key in keys)
        {
            Assert.InRange((await messaging.Database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        }

        await messaging.SendAsync(dialog, "c1", "hello");

        var listed = Assert.Single((await messaging.Dialogs.SearchAsync("acme", DialogFilter.All, 0, 10, TestTimeout.Token())).Items);
        Assert.Equal(dialog, listed.Key);
        Assert.Equal("hello", listed.Last!.Preview);
        foreach (var key in keys)
        {
            Assert.Null(await messaging.Database.KeyTimeToLiveAsync(key));
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_unwritten_dialog_lives_on_from_every_visit(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await OpenAsync(messaging, DialogMode.Site);
        Assert.True(await messaging.Log.MarkReadAsync(dialog, "g.ann", Sender.User, 1, TestTimeout.Token()));
        string[] keys =
        [
            RedisKeys.Dialog(dialog)!, RedisKeys.Log(dialog)!, RedisKeys.ReadMarks(dialog)!, .. Keys("site"),
        ];

        foreach (var visit in (Func<Task>[])[
            () => OpenAsync(messaging, DialogMode.Site),
            async () => Assert.True(await messaging.Dialogs.VisitAsync((await messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()))!, TestTimeout.Token()))])
        {
            await Task.WhenAll(keys.Select(key => messaging.Database.KeyExpireAsync(key, TimeSpan.FromMinutes(1))));
            await visit();
            foreach (var key in keys)
            {
                Assert.InRange((await messaging.Database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
            }
        }

        // A written one has no end that a visit could bring back.
        var found = (await messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()))!;
        await messaging.SendAsync(dialog, "c1", "hello");
        Assert.True(await messaging.Dialogs.VisitAsync(found, TestTimeout.Token()));
        Assert.All(await Task.WhenAll(keys[..3].Select(key => messaging.Database.KeyTimeToLiveAsync(key))), Assert.Null);

        await Task.WhenAll(keys.Select(key => messaging.Database.KeyDeleteAsync(key)));
        Assert.False(await messaging.Dialogs.VisitAsync(found, TestTimeout.Token()));
        Assert.False(await messaging.Database.KeyExistsAsync(keys[1]));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_dialog_that_expired_unwritten_gives_way_to_a_new_one(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        Task<OpenedDialog> Open() => messaging.Dialogs.OpenAsync(MessagingHost.Site, DialogMode.Site, "ann", TestTimeout.Token());
        var first = await Open();
        await messaging.Database.KeyDeleteAsync([RedisKeys.Dialog(first.Dialog.Key), RedisKeys.Log(first.Dialog.Key)]);

        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open()));

        Assert.NotEqual(first.Dialog.Id, Assert.Single(opened.Select(result => result.Dialog.Id).Distinct()));
        Assert.Single(await messaging.Dialogs.ListForGuestAsync("acme", "ann", 10, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_page_view_leaves_nothing_that_outlives_its_dialog(RedisKind kind)
    {
        var messaging = await StartAsync(kind);

        await OpenAsync(messaging, DialogMode.Widget);
        Assert.All(await LivesAsync(messaging, "widget"), life => Assert.InRange(life, TimeSpan.FromHours(23), TimeSpan.FromDays(1)));

        // Looking at it again is no reason to keep it.
        await OpenAsync(messaging, DialogMode.Widget);
        Assert.All(await LivesAsync(messaging, "widget"), life => Assert.InRange(life, TimeSpan.FromHours(23), TimeSpan.FromDays(1)));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_guest_who_wrote_is_remembered_from_then_on_and_at_every_visit(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await OpenAsync(messaging, DialogMode.Widget);

        await messaging.SendAsync(dialog, "c1", "hello");
        Assert.All(await LivesAsync(messaging, "widget"), IsAYear);

        // Time passes; the next visit counts from its own day.
        foreach (var key in Keys("widget"))
        {
            await messaging.Database.KeyExpireAsync(key, TimeSpan.FromDays(200));
        }

        await OpenAsync(messaging, DialogMode.Widget);
        Assert.All(await LivesAsync(messaging, "widget"), IsAYear);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_guest_with_a_dialog_that_is_listed_and_one_that_is_not_keeps_the_longer_life(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await messaging.SendAsync(await OpenAsync(messaging, DialogMode.Widget), "c1", "hello");

        var other = await OpenAsync(messaging, DialogMode.Site);

        IsAYear((await messaging.Database.KeyTimeToLiveAsync(Keys("site")[0]))!.Value);
        Assert.InRange((await messaging.Database.KeyTimeToLiveAsync(Keys("site")[1]))!.Value, TimeSpan.FromHours(23), TimeSpan.FromDays(1));
        Assert.Equal(2, (await messaging.Dialogs.ListForGuestAsync("acme", "ann", 10, TestTimeout.Token())).Count);

        // What stands for another dialog by now is not prolonged.
        await messaging.Database.StringSetAsync(Keys("site")[1], "1", TimeSpan.FromHours(1));
        await messaging.SendAsync(other, "c1", "hello");
        Assert.InRange((await messaging.Database.KeyTimeToLiveAsync(Keys("site")[1]))!.Value, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_feed_tells_what_lists_show_in_one_order(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialogs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => messaging.OpenDialogAsync()));
        await Task.WhenAll(dialogs.SelectMany(dialog => Enumerable.Range(0, 4).Select(i => messaging.SendAsync(dialog, $"c{i}", $"text {i}"))));

        var feed = await messaging.ReadAllAsync(StreamKey.ForFeed("acme"));

        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), feed.Select(entry => entry.Seq));
        Assert.Equal(5, feed.Count(entry => System.Text.Encoding.UTF8.GetString(entry.Payload.Span).Contains("\"dialog_new\"", StringComparison.Ordinal)));
    }

    private static async Task<StreamKey> OpenAsync(MessagingHost messaging, DialogMode mode) =>
        (await messaging.Dialogs.OpenAsync(MessagingHost.Site, mode, "ann", TestTimeout.Token())).Dialog.Key;

    private static string[] Keys(string mode) => ["{acme}:guest:ann:dialogs", $"{{acme}}:guest:ann:open:shop:{mode}"];

    private static async Task<IEnumerable<TimeSpan>> LivesAsync(MessagingHost messaging, string mode) =>
        (await Task.WhenAll(Keys(mode).Select(key => messaging.Database.KeyTimeToLiveAsync(key)))).Select(life => life!.Value);

    private static void IsAYear(TimeSpan life) => Assert.InRange(life, TimeSpan.FromDays(364), TimeSpan.FromDays(365));
}
