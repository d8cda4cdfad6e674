using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Dialogs;

/// <summary>A retry within the life of a key is recognised, and the key is gone soon after, on both servers.</summary>
public sealed class IdempotencyTests : MessagingTest
{
    private static readonly DateTimeOffset _hour = new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_is_recognised_across_the_edge_of_a_bucket(RedisKind kind)
    {
        var time = new FakeTimeProvider(_hour - _tick);
        await StartServerAsync(kind);
        await using var messaging = await ConnectAsync(Server, time);
        var dialog = await messaging.OpenDialogAsync();
        var first = await messaging.SendAsync(dialog, "c1", "hello");

        time.SetUtcNow(_hour);
        Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c1", "hello")).Outcome);
        Assert.Equal(AppendOutcome.KeyConflict, (await messaging.SendAsync(dialog, "c1", "goodbye")).Outcome);

        // An hour less a tick after it was sent, and the hour itself.
        foreach (var later in (TimeSpan[])[TimeSpan.FromHours(1) - (2 * _tick), TimeSpan.FromHours(1) - _tick])
        {
            time.SetUtcNow(_hour + later);
            var retry = await messaging.SendAsync(dialog, "c1", "hello");
            Assert.Equal((AppendOutcome.Duplicate, first.Entry.Cursor), (retry.Outcome, retry.Entry.Cursor));
        }

        // Long after that it is a new message, and a retry of that one is recognised.
        time.SetUtcNow(_hour.AddHours(3));
        Assert.Equal(AppendOutcome.Appended, (await messaging.SendAsync(dialog, "c1", "hello")).Outcome);
        Assert.Equal(3, (await messaging.SendAsync(dialog, "c1", "hello")).Entry.Seq);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_is_recognised_by_a_service_whose_clock_is_a_minute_off(RedisKind kind)
    {
        var minute = TimeSpan.FromMinutes(1);
        await StartServerAsync(kind);
        var (slow, fast) = (new FakeTimeProvider(_hour.AddHours(-1)), new FakeTimeProvider(_hour.AddHours(-1) + minute));
        await using var behind = await ConnectAsync(Server, slow);
        await using var ahead = await ConnectAsync(Server, fast);
        var dialog = await behind.OpenDialogAsync();

        // The one ahead writes into a bucket that has not begun for the other.
        SetClocks(_hour - (minute / 2));
        await ahead.SendAsync(dialog, "c1", "hello");
        Assert.Equal(AppendOutcome.Duplicate, (await behind.SendAsync(dialog, "c1", "hello")).Outcome);

        // The one behind writes into a bucket that is the one before last for the other, nearly an hour later.
        SetClocks(_hour - _tick);
        await behind.SendAsync(dialog, "c2", "hello");
        SetClocks(_hour.AddHours(1) - (2 * _tick));
        Assert.Equal(AppendOutcome.Duplicate, (await ahead.SendAsync(dialog, "c2", "hello")).Outcome);

        void SetClocks(DateTimeOffset now)
        {
            slow.SetUtcNow(now);
            fast.SetUtcNow(now + minute);
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Keys_expire_whether_their_dialog_is_listed_or_not(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();

        await messaging.AppendAsync(dialog, new NewMessage(IdempotencyKey.Unique("bot"), Sender.Assistant, "hello"));
        await ExpireAsync();
        await messaging.SendAsync(dialog, "c1", "hello");
        await ExpireAsync();

        async Task ExpireAsync()
        {
            var keys = await KeysAsync(messaging, dialog);
            Assert.NotEmpty(keys);
            foreach (var key in keys)
            {
                var life = await messaging.Database.KeyTimeToLiveAsync(key);
                Assert.True(life > TimeSpan.FromHours(1.9) && life <= TimeSpan.FromHours(2), $"{key} lives for {life}");
            }
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_is_recognised_by_a_service_with_another_lifetime_of_keys(RedisKind kind)
    {
        await StartServerAsync(kind);
        var time = new FakeTimeProvider(_hour.AddMinutes(59));
        await using var shorter = await ConnectAsync(Server, time);
        await using var longer = await ConnectAsync(Server, time, ("KeyLifetime", "03:00:00"));
        var dialog = await shorter.OpenDialogAsync();
        await shorter.SendAsync(dialog, "c1", "hello");
        await longer.SendAsync(dialog, "c2", "hello");

        foreach (var minutes in (int[])[0, 2, 58])
        {
            time.SetUtcNow(_hour.AddMinutes(59 + minutes));
            foreach (var messaging in (MessagingHost[])[shorter, longer])
            {
                Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c1", "hello")).Outcome);
                Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c2", "hello")).Outcome);
            }
        }

        time.SetUtcNow(_hour.AddMinutes(59).AddHours(3) - _tick);
        Assert.Equal(AppendOutcome.Duplicate, (await longer.SendAsync(dialog, "c2", "hello")).Outcome);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Keys_are_gone_after_two_periods_and_their_events_are_not(RedisKind kind)
    {
        await StartServerAsync(kind);
        await using var messaging = await ConnectAsync(Server, time: null, ("KeyLifetime", "00:00:01"));
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");
        Assert.NotEmpty(await KeysAsync(messaging, dialog));

        while ((await KeysAsync(messaging, dialog)).Count > 0)
        {
            await Task.Delay(50, TestTimeout.Token());
        }

        Assert.Equal([1L, 2L], (await messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
        Assert.Equal(AppendOutcome.Appended, (await messaging.SendAsync(dialog, "c1", "hello")).Outcome);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Keys_of_the_version_before_still_count_and_expire_from_the_next_append_on(RedisKind kind)
    {
        await StartServerAsync(kind);
        await using var messaging = await ConnectAsync(Server, time: null);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");

        // As that version has it: one hash, without an end.
        var bucket = Assert.Single(await KeysAsync(messaging, dialog));
        await messaging.Database.KeyRenameAsync(bucket, Flat(dialog));
        await messaging.Database.KeyPersistAsync(Flat(dialog));

        Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c1", "hello")).Outcome);
        Assert.Equal(AppendOutcome.KeyConflict, (await messaging.SendAsync(dialog, "c1", "goodbye")).Outcome);
        await messaging.SendAsync(dialog, "c2", "are you there?");
        Assert.InRange((await messaging.Database.KeyTimeToLiveAsync(Flat(dialog)))!.Value, TimeSpan.FromHours(1.9), TimeSpan.FromHours(2));
        Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c1", "hello")).Outcome);
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

    private static string Flat(StreamKey dialog) => $"{{acme}}:dialog:{dialog.DialogId}:keys";

    /// <summary>Where no version before is to be served: what is found is found in buckets.</summary>
    private static Task<MessagingHost> ConnectAsync(RedisServer server, TimeProvider? time, params (string Name, string Value)[] settings) =>
        MessagingHost.ConnectAsync(server, time, builder =>
        {
            foreach (var (name, value) in ((string, string)[])[("DeployOverlap", "0"), .. settings])
            {
                builder.Configuration[$"Messaging:{name}"] = value;
            }

            builder.Configuration["Archive:MinAge"] = "1.00:00:00";
        });

    private static async Task<List<string>> KeysAsync(MessagingHost messaging, StreamKey dialog)
    {
        List<string> keys = [];
        await foreach (var key in messaging.Database.Multiplexer.GetServers()[0].KeysAsync(pattern: (RedisValue)$"{Flat(dialog)}*"))
        {
            keys.Add((string)key!);
        }

        return keys;
    }
}
