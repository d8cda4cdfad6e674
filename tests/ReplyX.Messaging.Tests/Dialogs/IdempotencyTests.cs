using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Dialogs;

/// <summary>A retry within the life of a key is recognised, and the key is gone soon after, on both servers.</summary>
public class IdempotencyTests : MessagingTest
{
    private static readonly DateTimeOffset _hour = new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_is_recognised_across_the_edge_of_a_bucket(RedisKind kind)
    {
        var time = new FakeTimeProvider(_hour - _tick);
        await StartServerAsync(kind);
        await using var messaging = await ConnectAsync(ConnectionString, time);
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
    public async Task A_retry_from_before_the_edge_is_recognised_where_others_were_sent_after_it(RedisKind kind)
    {
        var time = new FakeTimeProvider(_hour - _tick);
        await StartServerAsync(kind);
        await using var messaging = await ConnectAsync(ConnectionString, time);
        var dialog = await messaging.OpenDialogAsync();
        var first = await messaging.SendAsync(dialog, "c1", "hello");

        time.SetUtcNow(_hour);
        await messaging.SendAsync(dialog, "c2", "hello");
        var retry = await messaging.SendAsync(dialog, "c1", "hello");
        Assert.Equal((AppendOutcome.Duplicate, first.Entry.Cursor), (retry.Outcome, retry.Entry.Cursor));
        Assert.Equal(AppendOutcome.KeyConflict, (await messaging.SendAsync(dialog, "c1", "goodbye")).Outcome);
        Assert.Equal(4, (await messaging.SendAsync(dialog, "c3", "hello")).Entry.Seq);
        Assert.Equal(AppendOutcome.Duplicate, (await messaging.SendAsync(dialog, "c2", "hello")).Outcome);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_is_recognised_by_a_service_whose_clock_is_a_minute_off(RedisKind kind)
    {
        var minute = TimeSpan.FromMinutes(1);
        await StartServerAsync(kind);
        var (slow, fast) = (new FakeTimeProvider(_hour.AddHours(-1)), new FakeTimeProvider(_hour.AddHours(-1) + minute));
        await using var behind = await ConnectAsync(ConnectionString, slow);
        await using var ahead = await ConnectAsync(ConnectionString, fast);
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

                // Of a spread dialog from the first write on, and otherwise from the last.
                var longest = TimeSpan.FromHours(IsSpread ? 3 : 2);
                Assert.True(life > longest - TimeSpan.FromHours(0.1) && life <= longest, $"{key} lives for {life}");
            }
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_is_recognised_by_a_service_with_another_lifetime_of_keys(RedisKind kind)
    {
        await StartServerAsync(kind);
        var time = new FakeTimeProvider(_hour.AddMinutes(59));
        await using var shorter = await ConnectAsync(ConnectionString, time);
        await using var longer = await ConnectAsync(ConnectionString, time, ("KeyLifetime", "03:00:00"));
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
        await using var messaging = await ConnectAsync(ConnectionString, time: null, ("KeyLifetime", "00:00:01"));
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

    private static string Flat(StreamKey dialog) => RedisKeys.FlatIdempotencyKeys(dialog)!;

    /// <summary>Where no version before is to be served: what is found is found in buckets.</summary>
    private Task<MessagingHost> ConnectAsync(string connectionString, TimeProvider? time, params (string Name, string Value)[] settings) =>
        MessagingHost.ConnectAsync(connectionString, time, builder =>
        {
            foreach (var (name, value) in ((string, string)[])[("DeployOverlap", "0"), .. settings])
            {
                builder.Configuration[$"Messaging:{name}"] = value;
            }

            builder.Configuration["Archive:MinAge"] = "1.00:00:00";
        }, IsSpread);

    private static async Task<List<string>> KeysAsync(MessagingHost messaging, StreamKey dialog)
    {
        List<string> keys = [];
        foreach (var key in await messaging.FindKeysAsync($"{Flat(dialog)}*"))
        {
            keys.Add((string)key!);
        }

        return keys;
    }
}
