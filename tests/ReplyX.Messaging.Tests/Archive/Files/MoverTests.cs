using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive.Files;

/// <summary>From Redis to files while the service runs: nobody misses an event, and nothing is left behind.</summary>
public sealed class MoverTests : MessagingTest
{
    // A process of the deploy before: it knows of the files, and stores in Redis.
    private static readonly (string, string) _before = ("Store", "Redis");

    public static TheoryData<RedisKind> Kinds => Servers;

    [Theory, MemberData(nameof(Kinds))]
    public async Task All_of_Redis_is_moved_and_read_as_before(RedisKind kind)
    {
        await StartServerAsync(kind);
        await using var before = await ConnectArchiveAsync(ArchiveStore.Redis);
        StreamKey[] dialogs = [await before.OpenDialogAsync(99), await before.OpenDialogAsync(60), await before.OpenDialogAsync(20)];
        var expected = new List<byte[]>[dialogs.Length];
        for (var i = 0; i < dialogs.Length; i++)
        {
            await before.ArchiveAsync(dialogs[i]);
            expected[i] = await ReadAsync(before, dialogs[i]);
        }

        var listed = await before.ListAsync();
        await using var host = await ConnectArchiveAsync(ArchiveStore.Files);
        await AllIsReadAsync(host);
        Assert.Equal(listed, await host.ListAsync());

        Assert.Equal(listed.Count, await host.Mover.MoveAsync(TestTimeout.Token()));

        Assert.Empty(await before.ListAsync());
        Assert.Equal(listed.Order(Comparer<SegmentId>.Create(Compare)), (await host.ListAsync()).Order(Comparer<SegmentId>.Create(Compare)));
        foreach (var dialog in dialogs)
        {
            Assert.False(await host.Messaging.Database.KeyExistsAsync($"{ArchiveHost.DialogName(dialog)}:archive"));
            Assert.False(await host.Messaging.Database.KeyExistsAsync($"{ArchiveHost.DialogName(dialog)}:archive:index"));
        }

        await AllIsReadAsync(host);
        Assert.Equal(0, await host.Mover.MoveAsync(TestTimeout.Token()));
        Assert.Contains(host.Logged.Texts, line => line.Contains($"Moved {listed.Count} archived segments from Redis to files; 0 are left", StringComparison.Ordinal));

        async Task AllIsReadAsync(ArchiveHost reader)
        {
            for (var i = 0; i < dialogs.Length; i++)
            {
                Assert.Equal(expected[i], await ReadAsync(reader, dialogs[i]));
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Readers_miss_nothing_while_processes_of_both_settings_archive_and_move(RedisKind kind)
    {
        var random = Seed.Random();
        await StartServerAsync(kind);
        ArchiveHost[] hosts =
        [
            await ConnectArchiveAsync(ArchiveStore.Files, settings: [_before]),
            await ConnectArchiveAsync(ArchiveStore.Files, settings: [_before, ("SegmentEvents", "5")]),
            await ConnectArchiveAsync(ArchiveStore.Files),
            await ConnectArchiveAsync(ArchiveStore.Files, settings: [("SegmentEvents", "11")]),
        ];
        StreamKey[] dialogs = [await hosts[0].Messaging.OpenDialogAsync(), await hosts[0].Messaging.OpenDialogAsync()];
        var known = new ConcurrentDictionary<(StreamKey, long), Cursor>();
        var limit = TestTimeout.Token(TimeSpan.FromMinutes(3));

        // By the hosts of before only, at first, so that there is something to move from the start on.
        foreach (var dialog in dialogs)
        {
            await hosts[0].SendAsync(dialog, 0, 150);
            await hosts[0].ArchiveAsync(dialog);
        }

        var writing = dialogs.Select(dialog => Task.Run(async () =>
        {
            for (var i = 0; i < 700; i++)
            {
                var entry = (await hosts[i % 4].Messaging.SendAsync(dialog, $"m{i}", $"text {i}")).Entry;
                Assert.Equal(entry.Cursor, known.GetOrAdd((dialog, entry.Seq), entry.Cursor));
            }
        })).ToArray();
        var done = Task.WhenAll(writing);
        var archiving = hosts.Select(host => (Mine: new Random(random.Next()), Host: host)).Select(archiver => Task.Run(async () =>
        {
            while (!done.IsCompleted)
            {
                await archiver.Host.ArchiveAsync(dialogs[archiver.Mine.Next(dialogs.Length)]);
            }
        })).ToArray();
        var moved = 0L;
        var moving = hosts[2..].Select(host => Task.Run(async () =>
        {
            while (!done.IsCompleted)
            {
                Interlocked.Add(ref moved, await host.Mover.MoveAsync(limit));
            }
        })).ToArray();
        var reading = hosts.Select(host => (Mine: new Random(random.Next()), Host: host)).Select(reader => Task.Run(async () =>
        {
            do
            {
                var dialog = dialogs[reader.Mine.Next(dialogs.Length)];
                var head = await reader.Host.Messaging.Log.GetHeadAsync(dialog, limit);
                var from = reader.Mine.NextInt64(1, head.Seq + 1);
                var most = reader.Mine.Next(1, 60);
                var page = reader.Mine.Next(2) == 0
                    ? await reader.Host.FromAsync(dialog, from, most)
                    : await reader.Host.BeforeAsync(dialog, from + 1, most);
                Assert.NotEmpty(page.Entries);
                Assert.Equal(ArchiveHost.Numbers(page.Entries[0].Seq, page.Entries[0].Seq + page.Entries.Count - 1), page.Entries.Select(entry => entry.Seq));
                foreach (var entry in page.Entries)
                {
                    Assert.Equal(entry.Cursor, known.GetOrAdd((dialog, entry.Seq), entry.Cursor));
                }
            }
            while (!done.IsCompleted);
        })).ToArray();

        await done.Within("all appends", TimeSpan.FromMinutes(3));
        await Task.WhenAll([.. archiving, .. moving, .. reading]).Within("archivers, movers and readers");
        await hosts[2].Mover.MoveAsync(limit);
        TestContext.Current.TestOutputHelper?.WriteLine($"{moved} segments were moved under way");

        Assert.True(moved > 0, "nothing was moved under way");
        Assert.Equal(0, await hosts[0].Messaging.Database.SortedSetLengthAsync("{acme}:archive"));
        foreach (var dialog in dialogs)
        {
            Assert.Equal(ArchiveHost.Numbers(1, 851), (await hosts[3].Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
        }

        new FilesOnDisk(Files).AreSound();
        Assert.DoesNotContain(hosts.SelectMany(host => host.Logged.Errors), line => line.Contains("ReplyX.Messaging.Archive", StringComparison.Ordinal));
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_move_that_was_cut_off_goes_on_and_a_damaged_segment_stays_for_who_looks(RedisKind kind)
    {
        await StartServerAsync(kind);
        await using var before = await ConnectArchiveAsync(ArchiveStore.Redis);
        var dialog = await before.OpenDialogAsync(99);
        await before.ArchiveAsync(dialog);
        var listed = await before.ListAsync();
        Assert.Equal(10, listed.Count);
        await using var host = await ConnectArchiveAsync(ArchiveStore.Files);

        // Stored and not yet deleted; deleted up to its entry by age; damaged.
        await host.Archive.StoreAsync(dialog, SegmentFormat.Reseal(dialog, await before.ReadSegmentAsync(dialog, 8)), TestTimeout.Token());
        await host.Archive.StoreAsync(dialog, SegmentFormat.Reseal(dialog, await before.ReadSegmentAsync(dialog, 16)), TestTimeout.Token());
        await before.DeleteSegmentAsync(dialog, 16);
        await host.Messaging.Database.SortedSetRemoveAsync($"{ArchiveHost.DialogName(dialog)}:archive:index", 16);
        var whole = await before.ReadSegmentAsync(dialog, 24);
        await before.WriteSegmentAsync(dialog, 24, [.. whole[..^1], (byte)~whole[^1]]);

        Assert.Equal(8, await host.Mover.MoveAsync(TestTimeout.Token()));
        Assert.Equal([24], (await before.ListAsync()).Select(segment => segment.Last));
        await Assert.ThrowsAsync<ArchiveDamagedException>(() => host.FromAsync(dialog, 17));
        Assert.Equal(ArchiveHost.Numbers(25, 100), (await host.FromAsync(dialog, 25, 1_000)).Entries.Select(entry => entry.Seq));
        Assert.Contains(host.Logged.Errors, line => line.Contains("ends at 24 stays in Redis", StringComparison.Ordinal));

        await before.WriteSegmentAsync(dialog, 24, whole);
        Assert.Equal(1, await host.Mover.MoveAsync(TestTimeout.Token()));
        Assert.Equal(ArchiveHost.Numbers(1, 100), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Fact]
    public async Task A_segment_that_is_moved_between_the_look_at_files_and_the_look_at_Redis_is_found()
    {
        await StartServerAsync(RedisKind.Redis);
        await using var before = await ConnectArchiveAsync(ArchiveStore.Redis);
        var dialog = await before.OpenDialogAsync(40);
        await before.ArchiveAsync(dialog);
        var segment = await before.ReadSegmentAsync(dialog, 16);
        await using var host = await ConnectArchiveAsync(ArchiveStore.Files);
        var both = (RedisAndFilesArchive)host.Archive;

        // Both scripts, once: one that the server does not know takes a second round trip.
        Assert.Equal(segment, (await both.FindAsync(dialog, 9, TestTimeout.Token()))!.Value.ToArray());
        Assert.True(await both.Redis.RemoveAsync(dialog, 8, await before.ReadSegmentAsync(dialog, 8), TestTimeout.Token()));

        // The deletion and the look wait for Redis, in this order; meanwhile the segment comes to the files.
        await Server.PauseAsync();
        var deleting = both.Redis.RemoveAsync(dialog, 16, segment, TestTimeout.Token());
        var finding = both.FindAsync(dialog, 9, TestTimeout.Token());
        var limit = TestTimeout.Token();
        while (host.Messaging.Database.Multiplexer.GetCounters().Interactive.TotalOutstanding < 2)
        {
            await Task.Delay(5, limit);
        }

        await both.Files.StoreAsync(dialog, SegmentFormat.Reseal(dialog, segment), TestTimeout.Token());
        await Server.ResumeAsync();

        Assert.True(await deleting);
        Assert.Equal(segment, (await finding)!.Value.ToArray());
    }

    [Fact]
    public async Task The_way_back_reads_both_and_moves_nothing()
    {
        var host = await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        await using var back = await ConnectArchiveAsync(ArchiveStore.Files, settings: [_before]);
        await back.SendAsync(dialog, 99, 40);
        await back.ArchiveAsync(dialog);

        Assert.Equal(0, await back.Mover.MoveAsync(TestTimeout.Token()));
        Assert.Equal(5, await back.Messaging.Database.SortedSetLengthAsync("{acme}:archive"));
        Assert.Equal(ArchiveHost.Numbers(1, 140), (await back.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Retention_takes_from_both(RedisKind kind)
    {
        var time = new FakeTimeProvider(Segments.Start);
        await StartServerAsync(kind);
        await using var before = await ConnectArchiveAsync(ArchiveStore.Files, time, settings: [_before]);
        await using var host = await ConnectArchiveAsync(ArchiveStore.Files, time);
        var dialog = await before.OpenDialogAsync(47);
        await before.ArchiveAsync(dialog);
        await host.SendAsync(dialog, 47, 52);
        await host.ArchiveAsync(dialog);
        time.Advance(TimeSpan.FromDays(366));
        await host.SendAsync(dialog, 99, 1);

        await host.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token());

        Assert.Equal(81, (await host.TailAsync(dialog, 1)).First);
        Assert.Empty(await host.ListAsync());
        Assert.Empty(new FilesOnDisk(Files).Segments);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_service_moves_by_itself(RedisKind kind)
    {
        await StartServerAsync(kind);
        await using var before = await ConnectArchiveAsync(ArchiveStore.Redis);
        var dialog = await before.OpenDialogAsync(99);
        await before.ArchiveAsync(dialog);
        await using var host = await ConnectArchiveAsync(ArchiveStore.Files, settings: [("SweepInterval", "00:00:01")]);

        await host.Messaging.StartAsync();

        var limit = TestTimeout.Token();
        while ((await before.ListAsync()).Count > 0)
        {
            await Task.Delay(20, limit);
        }

        Assert.Equal(ArchiveHost.Numbers(1, 100), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    private static int Compare(SegmentId one, SegmentId other) =>
        (one.NewestAt, one.Dialog.DialogId, one.Last).CompareTo((other.NewestAt, other.Dialog.DialogId, other.Last));

    private static async Task<List<byte[]>> ReadAsync(ArchiveHost host, StreamKey dialog) =>
        [.. (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Raw.ToArray())];
}
