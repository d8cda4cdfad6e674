using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Dialogs;

/// <summary>
/// What concerns dialogs alone that are not spread: the append writes their account's feed itself, in an order that a crash may tear
/// anywhere, and versions before this one may write beside it.
/// </summary>
public sealed class InAccountTests : MessagingTest
{
    private static readonly DateTimeOffset _hour = new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero);

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_after_a_tear_behind_the_log_feeds_the_list_too(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");

        // What a crash after the entry's write and before the feed's leaves.
        await messaging.Database.KeyDeleteAsync("{acme}:feed");
        await messaging.Database.HashSetAsync(RedisKeys.Dialog(dialog), "applied", 1);
        var retry = await messaging.SendAsync(dialog, "c1", "hello");

        Assert.Equal(AppendOutcome.Duplicate, retry.Outcome);
        Assert.Single(await messaging.ReadAllAsync(StreamKey.ForFeed("acme")));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_after_a_tear_behind_the_feed_does_not_feed_it_twice(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");

        // What a crash after the feed's write and before the last step leaves; meanwhile another dialog was fed.
        await messaging.Database.HashSetAsync(RedisKeys.Dialog(dialog), "applied", 1);
        await messaging.SendAsync(await messaging.OpenDialogAsync(), "c1", "another");
        var retry = await messaging.SendAsync(dialog, "c1", "hello");

        Assert.Equal(AppendOutcome.Duplicate, retry.Outcome);
        Assert.Equal([1L, 2L], (await messaging.ReadAllAsync(StreamKey.ForFeed("acme"))).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(SingleServers))]
    public async Task A_tear_between_the_feed_and_the_listing_neither_feeds_twice_nor_lists_as_known(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");

        await messaging.Database.HashSetAsync(RedisKeys.Dialog(dialog), [new("listed", "0"), new("applied", 1)]);
        await messaging.SendAsync(dialog, "c2", "again");

        var feed = await messaging.ReadAllAsync(StreamKey.ForFeed("acme"));
        Assert.Equal(
            ["dialog_new", "dialog_update"],
            feed.Select(entry => JsonDocument.Parse(entry.Payload).RootElement.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_dialog_counts_as_listed_only_once_the_feed_tells_of_it_as_new()
    {
        var messaging = await StartAsync(RedisKind.Redis);
        var dialog = await messaging.OpenDialogAsync();
        await using var monitor = await RedisMonitor.StartAsync(Server);
        await messaging.SendAsync(dialog, "c1", "hello");
        var commands = (await monitor.StopAsync()).Where(command => command.Contains("lua]", StringComparison.Ordinal)).ToList();

        // A server may die between any two of them, and one whose scripts are not written whole has then done the first alone.
        var fed = commands.FindIndex(command => command.Contains("dialog_new", StringComparison.Ordinal));
        var listed = commands.FindIndex(command => command.Contains("\"listed\" \"1\"", StringComparison.Ordinal));
        Assert.True(fed >= 0 && listed > fed, $"fed at {fed}, listed at {listed} of {commands.Count}");
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_handoff_that_was_torn_is_completed_by_whoever_appends_next(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");
        await messaging.AppendAsync(dialog, HandoffStep.Request, MessagingHost.Key("ann", "c2"), Sender.User);

        // What a crash between the entry's write and the state's leaves.
        await messaging.Database.HashSetAsync(RedisKeys.Dialog(dialog), [new("handoff", "none"), new("applied", 2)]);
        await messaging.Database.ListRightPopAsync("{acme}:feed");
        await messaging.SendAsync(dialog, "c3", "anybody there?");
        var retry = await messaging.AppendAsync(dialog, HandoffStep.Request, MessagingHost.Key("ann", "c2"), Sender.User);

        Assert.Equal(AppendOutcome.Duplicate, retry.Outcome);
        Assert.Equal(HandoffState.Requested, retry.Handoff);
        Assert.Equal([1L, 2L, 3L], (await messaging.ReadAllAsync(StreamKey.ForFeed("acme"))).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_guest_is_remembered_whatever_of_the_first_message_was_torn(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await OpenAsync(messaging);
        await messaging.SendAsync(dialog, "c1", "hello");

        // What a crash right after the entry's write leaves.
        await messaging.Database.HashSetAsync(RedisKeys.Dialog(dialog), [new("listed", "0"), new("applied", 1)]);
        await messaging.Database.KeyDeleteAsync(["{acme}:feed", "{acme}:dialogs"]);
        foreach (var key in Keys("widget"))
        {
            await messaging.Database.KeyExpireAsync(key, TimeSpan.FromHours(5));
        }

        // The assistant's answer lists nothing by itself.
        await messaging.AppendAsync(dialog, new NewMessage(IdempotencyKey.Unique("bot"), Sender.Assistant, "hello"));

        Assert.All(await LivesAsync(messaging, "widget"), IsAYear);
        Assert.Single((await messaging.Dialogs.SearchAsync("acme", DialogFilter.All, 0, 10, TestTimeout.Token())).Items);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_the_version_before_has_written_goes_on(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await OpenAsync(messaging);
        var year = TimeSpan.FromDays(365);
        foreach (var key in Keys("widget"))
        {
            await messaging.Database.KeyExpireAsync(key, year);
        }

        Assert.Equal(dialog, await OpenAsync(messaging));
        await messaging.SendAsync(dialog, "c1", "hello");
        Assert.All(await LivesAsync(messaging, "widget"), IsAYear);

        // It lists a dialog of ours without prolonging anything, where both versions run; the visitor's next message does.
        foreach (var key in Keys("widget"))
        {
            await messaging.Database.KeyExpireAsync(key, TimeSpan.FromHours(5));
        }

        await messaging.SendAsync(dialog, "c2", "hello?");
        Assert.All(await LivesAsync(messaging, "widget"), IsAYear);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_message_whose_script_was_torn_is_work_after_the_next_append(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var site = new AssistantSite(MessagingHost.Site.Account, MessagingHost.Site.Id);
        await messaging.Services.GetRequiredService<AssistantDirectory>()
            .SaveAsync(site, AssistantSettings.None with { Enabled = true }, TestTimeout.Token());
        var dialog = await messaging.OpenDialogAsync();
        var sent = await messaging.SendAsync(dialog, "a", "hello");

        // What a crash before the inbox leaves: the entry and nothing after it.
        await messaging.Database.ListTrimAsync("{acme}:assistant:shop:inbox", 0, 0);
        await messaging.Database.HashSetAsync(RedisKeys.Dialog(dialog), "applied", 1);
        await messaging.SendAsync(dialog, "a", "hello");

        Assert.Equal(sent.Entry.Seq, (await messaging.Services.GetRequiredService<AssistantWork>()
            .ClaimAsync(site, TimeSpan.FromMinutes(1), TestTimeout.Token()))!.From);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task While_versions_overlap_the_version_before_finds_our_keys(RedisKind kind)
    {
        var time = new FakeTimeProvider(_hour);
        var messaging = await StartAsync(kind, time);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");

        // What it looks up.
        Assert.StartsWith("2 ", (string?)await messaging.Database.HashGetAsync(Flat(dialog), "g.ann:c1"), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromHours(1));
        await messaging.SendAsync(dialog, "c2", "are you there?");
        Assert.False(await messaging.Database.HashExistsAsync(Flat(dialog), "g.ann:c2"));
        Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c2", "are you there?")).Outcome);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Keys_of_the_version_before_still_count_and_expire_from_the_next_append_on(RedisKind kind)
    {
        var messaging = await StartAsync(kind, configure: builder => builder.Configuration["Messaging:DeployOverlap"] = "0");
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");

        // As that version has it: one hash, without an end.
        var bucket = await BucketAsync(messaging, dialog);
        await messaging.Database.KeyRenameAsync(bucket, Flat(dialog));
        await messaging.Database.KeyPersistAsync(Flat(dialog));

        Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c1", "hello")).Outcome);
        Assert.Equal(AppendOutcome.KeyConflict, (await messaging.SendAsync(dialog, "c1", "goodbye")).Outcome);
        await messaging.SendAsync(dialog, "c2", "are you there?");
        Assert.InRange((await messaging.Database.KeyTimeToLiveAsync(Flat(dialog)))!.Value, TimeSpan.FromHours(1.9), TimeSpan.FromHours(2));
        Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c1", "hello")).Outcome);
    }

    private static string Flat(StreamKey dialog) => RedisKeys.FlatIdempotencyKeys(dialog)!;

    private static async Task<RedisKey> BucketAsync(MessagingHost messaging, StreamKey dialog)
    {
        foreach (var key in await messaging.FindKeysAsync($"{Flat(dialog)}:*"))
        {
            return key;
        }

        throw new InvalidOperationException("no bucket");
    }

    private static async Task<StreamKey> OpenAsync(MessagingHost messaging) =>
        (await messaging.Dialogs.OpenAsync(MessagingHost.Site, DialogMode.Widget, "ann", TestTimeout.Token())).Dialog.Key;

    private static string[] Keys(string mode) => ["{acme}:guest:ann:dialogs", $"{{acme}}:guest:ann:open:shop:{mode}"];

    private static async Task<IEnumerable<TimeSpan>> LivesAsync(MessagingHost messaging, string mode) =>
        (await Task.WhenAll(Keys(mode).Select(key => messaging.Database.KeyTimeToLiveAsync(key)))).Select(life => life!.Value);

    private static void IsAYear(TimeSpan life) => Assert.InRange(life, TimeSpan.FromDays(364), TimeSpan.FromDays(365));
}
