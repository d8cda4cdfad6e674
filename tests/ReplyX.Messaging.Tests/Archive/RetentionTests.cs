using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>Archived events go at their age, and reads say so, on every archive.</summary>
public class RetentionTests : MessagingTest
{
    [Theory, MemberData(nameof(Archives))]
    public async Task What_is_too_old_goes_and_is_not_claimed_to_be_held(RedisKind kind, ArchiveStore store)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var host = await StartArchiveAsync(kind, store, time);
        var dialog = await host.OpenDialogAsync(47);
        time.Advance(TimeSpan.FromDays(100));
        await host.SendAsync(dialog, 47, 52);
        await host.ArchiveAsync(dialog);
        var all = await host.Messaging.ReadAllAsync(dialog);
        Task SweepAsync() => host.Sweep.SweepAsync(TimeSpan.FromHours(1), TestTimeout.Token());

        // The default is a year.
        time.Advance(TimeSpan.FromDays(264));
        await SweepAsync();
        Assert.Equal(100, (await host.Messaging.ReadAllAsync(dialog)).Count);

        time.Advance(TimeSpan.FromDays(2));
        await SweepAsync();
        Assert.False((await host.AfterAsync(dialog, Cursor.Start)).Held);
        Assert.False((await host.AfterAsync(dialog, all[20].Cursor)).Held);
        Assert.False((await host.AfterAsync(dialog, all[47].Cursor)).Held);
        var page = await host.AfterAsync(dialog, all[48].Cursor);
        Assert.True(page.Held);
        Assert.Equal(49, page.First);
        Assert.Equal(ArchiveHost.Numbers(50, 100), page.Entries.Select(entry => entry.Seq));
        Assert.Equal(ArchiveHost.Numbers(49, 60), (await host.FromAsync(dialog, 41, 20)).Entries.Select(entry => entry.Seq));
        Assert.Empty((await host.FromAsync(dialog, 1, 48)).Entries);
        Assert.Equal(ArchiveHost.Numbers(49, 100), (await host.TailAsync(dialog, 1_000)).Entries.Select(entry => entry.Seq));

        // All of the archive; what the log of a dialog that goes on still has stays.
        time.Advance(TimeSpan.FromDays(400));
        await host.SendAsync(dialog, 99, 1);
        await SweepAsync();
        Assert.Equal(81, (await host.TailAsync(dialog, 1)).First);
        Assert.False((await host.AfterAsync(dialog, all[79].Cursor)).Held);
        Assert.True((await host.AfterAsync(dialog, all[80].Cursor)).Held);
        Assert.Equal(0, await host.Messaging.Database.HashLengthAsync($"{ArchiveHost.DialogName(dialog)}:archive"));
        Assert.Equal(0, await host.Messaging.Database.SortedSetLengthAsync("{acme}:archive"));
        Assert.Null(await host.Archive.FindAsync(dialog, 1, TestTimeout.Token()));
        Assert.Empty(await host.ListAsync());

        // And the dialog goes on.
        await host.SendAsync(dialog, 100, 30);
        await host.ArchiveAsync(dialog);
        Assert.Equal(ArchiveHost.Numbers(81, 131), (await host.TailAsync(dialog, 1_000)).Entries.Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task An_account_may_have_its_own(RedisKind kind, ArchiveStore store)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var host = await StartArchiveAsync(kind, store, time);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        async Task<long> FirstAfterSweepAsync()
        {
            await host.Sweep.SweepAsync(TimeSpan.FromHours(1), TestTimeout.Token());
            return (await host.TailAsync(dialog, 1)).First;
        }

        Assert.Equal(TimeSpan.FromDays(365), await host.Retention.GetAsync("acme", TestTimeout.Token()));
        await host.Retention.SetAsync("acme", null, TestTimeout.Token());
        Assert.Null(await host.Retention.GetAsync("acme", TestTimeout.Token()));
        time.Advance(TimeSpan.FromDays(4_000));
        await host.SendAsync(dialog, 99, 1);
        Assert.Equal(1, await FirstAfterSweepAsync());

        await host.Retention.SetAsync("acme", TimeSpan.FromDays(4_001), TestTimeout.Token());
        Assert.Equal(1, await FirstAfterSweepAsync());
        await host.Retention.SetAsync("acme", TimeSpan.FromDays(3_999), TestTimeout.Token());
        Assert.Equal(81, await FirstAfterSweepAsync());
        await host.Retention.ResetAsync("acme", TestTimeout.Token());
        Assert.Equal(TimeSpan.FromDays(365), await host.Retention.GetAsync("acme", TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Clocks_that_differ_tear_no_hole(RedisKind kind, ArchiveStore store)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };
        var behind = new FakeTimeProvider(time.GetUtcNow() - TimeSpan.FromDays(2));
        var host = await StartArchiveAsync(kind, store, time, settings: [("Retention", "1.00:00:00")]);
        await using var other = await ConnectArchiveAsync(store, behind);
        var dialog = await host.OpenDialogAsync(15);
        await other.SendAsync(dialog, 15, 8);
        await host.SendAsync(dialog, 23, 60);
        await host.ArchiveAsync(dialog);

        // The third segment is by its clock two days old, the first two are not.
        await host.Sweep.SweepAsync(TimeSpan.FromHours(1), TestTimeout.Token());

        Assert.Equal(ArchiveHost.Numbers(25, 84), (await host.TailAsync(dialog, 1_000)).Entries.Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task What_goes_between_the_two_reads_is_a_cursor_not_held_and_no_hole(RedisKind kind, ArchiveStore store)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var host = await StartArchiveAsync(kind, store, time, archive: services => new HookedArchive(services));
        var hooked = (HookedArchive)host.Archive;
        async Task<(StreamKey Dialog, List<LogEntry> All)> OldDialogAsync()
        {
            hooked.BeforeFind = null;
            var dialog = await host.OpenDialogAsync(99);
            await host.ArchiveAsync(dialog);
            var all = await host.Messaging.ReadAllAsync(dialog);
            var finds = 0;
            time.Advance(TimeSpan.FromDays(366));
            await host.SendAsync(dialog, 99, 1);
            hooked.BeforeFind = () => ++finds == 2 ? host.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token()) : Task.CompletedTask;
            return (dialog, all);
        }

        // The first segment was read, the second is gone: what was read stands, and the next page is told.
        var (dialog, all) = await OldDialogAsync();
        var page = await host.AfterAsync(dialog, all[2].Cursor);
        Assert.True(page.Held);
        Assert.Equal(ArchiveHost.Numbers(4, 8), page.Entries.Select(entry => entry.Seq));
        Assert.True(page.HasMore);
        Assert.False((await host.AfterAsync(dialog, page.Entries[^1].Cursor)).Held);

        // The cursor's segment was read to its end, and what follows is gone.
        (dialog, all) = await OldDialogAsync();
        page = await host.AfterAsync(dialog, all[7].Cursor);
        Assert.False(page.Held);
        Assert.Empty(page.Entries);

        // The cursor's own segment is gone.
        (dialog, all) = await OldDialogAsync();
        hooked.BeforeFind = () => host.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token());
        Assert.False((await host.AfterAsync(dialog, all[7].Cursor)).Held);

        // History begins where it begins now.
        (dialog, all) = await OldDialogAsync();
        hooked.BeforeFind = () => host.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token());
        Assert.Equal(ArchiveHost.Numbers(81, 100), (await host.FromAsync(dialog, 1)).Entries.Select(entry => entry.Seq));
    }
}
