using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>A log gives up nothing that it may have to answer for, on every archive.</summary>
public class TrimTests : MessagingTest
{
    [Theory, MemberData(nameof(Archives))]
    public async Task Nothing_is_trimmed_that_is_not_archived(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, archive: services => new HookedArchive(services) { BeforeStore = () => throw new MessagingUnavailableException() });
        var dialog = await host.OpenDialogAsync(99);

        await Assert.ThrowsAsync<MessagingUnavailableException>(() => host.ArchiveAsync(dialog));
        await host.Archiver.TrimAsync(dialog, TestTimeout.Token());

        Assert.Equal(ArchiveHost.Numbers(1, 100), await host.InLogAsync(dialog));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_log_that_outgrows_its_window_is_archived_by_and_by(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        using var worker = host.Messaging.Services.GetServices<IHostedService>().OfType<ArchiveWorker>().Single();
        await worker.StartAsync(TestTimeout.Token());
        var dialog = await host.OpenDialogAsync(99);
        var limit = TestTimeout.Token();
        while (await host.ListAsync() is not { Count: > 0 })
        {
            await Task.Delay(20, limit);
        }

        await worker.StopAsync(TestTimeout.Token());
        Assert.Equal(ArchiveHost.Numbers(1, 100), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_log_that_is_not_the_one_that_was_archived_is_left_alone(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var dialog = await host.OpenDialogAsync(99);

        await host.Messaging.Database.HashSetAsync(ArchiveHost.DialogName(dialog), "archived", "48 deadbeef");
        await host.Archiver.TrimAsync(dialog, TestTimeout.Token());

        Assert.Equal(ArchiveHost.Numbers(1, 100), await host.InLogAsync(dialog));
        Assert.Contains(host.Logged.All, line => line.Text.Contains("does not hold the event at its archived mark", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Keys_go_with_their_entries_and_a_later_retry_is_a_new_send(RedisKind kind, ArchiveStore store)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 9, 59, 0, TimeSpan.Zero));
        var host = await StartArchiveAsync(kind, store, time);
        var dialog = await host.OpenDialogAsync(40);
        time.Advance(TimeSpan.FromMinutes(2));
        await host.SendAsync(dialog, 40, 59);
        var hour = new DateTimeOffset(2026, 1, 1, 9, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() / 3_600;
        var (earlier, later) = ($"{ArchiveHost.DialogName(dialog)}:keys:{hour}", $"{ArchiveHost.DialogName(dialog)}:keys:{hour + 1}");
        var flat = $"{ArchiveHost.DialogName(dialog)}:keys";

        // The version before finds no spread dialogs, and so needs no keys of theirs.
        Assert.Equal((40, 59, IsSpread ? 0 : 99), (await CountAsync(earlier), await CountAsync(later), await CountAsync(flat)));

        // A key that was used again after its entry was lost: it is the later entry's.
        await host.Messaging.Database.HashSetAsync(earlier, "g.ann:c3", "90 0123456789abcdef0123456789abcdef");
        await host.ArchiveAsync(dialog);

        Assert.Equal(["g.ann:c3"], await KeysAsync(earlier));
        Assert.Equal(Enumerable.Range(79, 20).Select(i => $"g.ann:c{i}"), await KeysAsync(later));
        Assert.Equal(Enumerable.Range(79, IsSpread ? 0 : 20).Select(i => $"g.ann:c{i}"), await KeysAsync(flat));
        Assert.Equal(AppendOutcome.Duplicate, (await host.Messaging.SendAsync(dialog, "c79", "text 79")).Outcome);
        var retry = await host.Messaging.SendAsync(dialog, "c0", "text 0");
        Assert.Equal(AppendOutcome.Appended, retry.Outcome);
        Assert.Equal(101, retry.Entry.Seq);

        async Task<int> CountAsync(string keys) => (int)await host.Messaging.Database.HashLengthAsync(keys);

        async Task<IEnumerable<string>> KeysAsync(string keys) =>
            (await host.Messaging.Database.HashKeysAsync(keys)).Select(key => (string)key!).Order(StringComparer.Ordinal);
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Young_events_stay_with_their_keys_until_the_log_is_too_long(RedisKind kind, ArchiveStore store)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var host = await StartArchiveAsync(kind, store, time, settings: [("MinAge", "01:00:00"), ("MaxLogEvents", "150")]);
        var dialog = await host.OpenDialogAsync(99);

        await host.ArchiveAsync(dialog);
        Assert.Equal(ArchiveHost.Numbers(1, 100), await host.InLogAsync(dialog));
        Assert.Equal(AppendOutcome.Duplicate, (await host.Messaging.SendAsync(dialog, "c0", "text 0")).Outcome);

        // Archived and still in the log: it is read once.
        Assert.Equal(ArchiveHost.Numbers(1, 100), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));

        await host.SendAsync(dialog, 99, 60);
        await host.ArchiveAsync(dialog);
        Assert.Equal(ArchiveHost.Numbers(11, 160), await host.InLogAsync(dialog));

        // Nobody writes any more: the sweep finds what has become old enough.
        time.Advance(TimeSpan.FromMinutes(61));
        await host.Sweep.SweepAsync(TimeSpan.FromHours(2), TestTimeout.Token());
        Assert.Equal(ArchiveHost.Numbers(137, 160), await host.InLogAsync(dialog));
        Assert.Equal(ArchiveHost.Numbers(1, 160), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task An_unlisted_dialog_is_not_archived(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var dialog = await host.Messaging.OpenDialogAsync();
        for (var i = 0; i < 50; i++)
        {
            await host.Messaging.AppendAsync(dialog, new NewMessage(MessagingHost.Key("bot", $"c{i}"), Sender.Assistant, "text"));
        }

        await host.ArchiveAsync(dialog);

        Assert.Equal(51, (await host.InLogAsync(dialog)).Length);
        Assert.Null(await host.Archive.FindAsync(dialog, 1, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Two_archivers_at_once_do_no_harm_even_if_they_seal_differently(RedisKind kind, ArchiveStore store)
    {
        var one = await StartArchiveAsync(kind, store);
        await using var two = await ConnectArchiveAsync(store);
        await using var other = await ConnectArchiveAsync(store, settings: [("SegmentEvents", "5"), ("WindowEvents", "12")]);
        var dialog = await one.OpenDialogAsync(20);
        var expected = await one.Messaging.ReadAllAsync(dialog);

        for (var round = 0; round < 12; round++)
        {
            for (var i = 0; i < 30; i++)
            {
                expected.Add((await one.Messaging.SendAsync(dialog, $"r{round}-{i}", "text")).Entry);
            }

            await Task.WhenAll(one.ArchiveAsync(dialog), two.ArchiveAsync(dialog), other.ArchiveAsync(dialog));

            Assert.Equal(
                expected.Select(entry => entry.Cursor), (await two.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Cursor));
        }

        Assert.InRange((await one.InLogAsync(dialog)).Length, 12, 30);
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task An_archiver_that_slept_through_others_does_no_harm(RedisKind kind, ArchiveStore store)
    {
        await StartServerAsync(kind);
        var storing = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        Task SleepAsync()
        {
            storing.TrySetResult();
            return gate.Task;
        }

        await using var late = await ConnectArchiveAsync(store, archive: services => new HookedArchive(services) { BeforeStore = SleepAsync },
            settings: [("SegmentEvents", "13")]);
        await using var host = await ConnectArchiveAsync(store);
        var dialog = await host.OpenDialogAsync(99);

        var sleeping = late.ArchiveAsync(dialog);
        await storing.Task.Within("the late archiver to store");
        await host.ArchiveAsync(dialog);
        gate.SetResult();
        await sleeping.Within("the late archiver to end");
        await host.SendAsync(dialog, 99, 30);
        await host.ArchiveAsync(dialog);

        Assert.Equal(ArchiveHost.Numbers(1, 130), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }
}
