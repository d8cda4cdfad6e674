using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive.Files;

/// <summary>Several processes store, read and delete the same at once.</summary>
public sealed class RaceTests : MessagingTest
{
    [Fact]
    public async Task A_store_and_a_delete_of_the_same_segment_that_cross_leave_both_it_and_its_age_or_neither()
    {
        var random = Seed.Random();
        var host = await StartArchiveAsync(RedisKind.Garnet, ArchiveStore.Files);
        var dialog = StreamKey.ForDialog("acme", 1);
        var segment = Segments.Seal(dialog, 1, 9);
        var disk = new FilesOnDisk(Files);
        await host.Archive.StoreAsync(dialog, segment, TestTimeout.Token());
        for (var round = 0; round < 300; round++)
        {
            var (first, second) = (random.Next(40), random.Next(40));
            var storing = AfterAsync(first, () => host.Archive.StoreAsync(dialog, segment, TestTimeout.Token()));
            var deleting = AfterAsync(second, () => host.Archive.DeleteThroughAsync(Segments.IdOf(dialog, segment), TestTimeout.Token()));
            await Task.WhenAll(storing, deleting);
            disk.AreSound();
        }

        await disk.DeleteAllAsync(host.Archive, "acme", TestTimeout.Token());

        // Far less than a timer's tick: in steps of reading a clock of files.
        static Task AfterAsync(int steps, Func<Task> action) => Task.Run(() =>
        {
            for (var i = 0; i < steps; i++)
            {
                _ = File.GetLastWriteTimeUtc("/");
            }

            return action();
        });
    }

    [Fact]
    public async Task Writers_and_sweeps_at_once_leave_whole_segments_that_retention_knows_of()
    {
        const int rounds = 300;
        var random = Seed.Random();
        await StartServerAsync(RedisKind.Garnet);
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ConnectArchiveAsync(ArchiveStore.Files)));
        var limit = TestTimeout.Token(TimeSpan.FromMinutes(3));

        var writing = Enumerable.Range(0, 6).Select(i => (Mine: new Random(random.Next()), hosts[i % 3].Archive)).Select(writer => Task.Run(async () =>
        {
            var (mine, archive) = writer;
            for (var round = 0; round < rounds; round++)
            {
                var dialog = Any(mine);
                var last = mine.Next(1, 8);
                await archive.StoreAsync(
                    dialog, Segments.Seal(dialog, mine.Next(1, last + 1), last, Segments.Start.AddHours(mine.Next(3)), new string('x', mine.Next(3) * 3_000)), limit);
            }
        })).ToArray();
        var done = Task.WhenAll(writing);
        var deleting = hosts.Select(host => (Mine: new Random(random.Next()), host.Archive)).Select(sweep => Task.Run(async () =>
        {
            while (!done.IsCompleted)
            {
                var listed = await sweep.Archive.ListAsync("acme", Segments.Start, Segments.Start.AddHours(sweep.Mine.Next(4)), 100, limit);
                if (listed.Count > 0)
                {
                    await sweep.Archive.DeleteThroughAsync(listed[sweep.Mine.Next(listed.Count)], limit);
                }
            }
        })).ToArray();
        var reading = hosts.Select(host => (Mine: new Random(random.Next()), host.Archive)).Select(reader => Task.Run(async () =>
        {
            while (!done.IsCompleted)
            {
                var dialog = Any(reader.Mine);
                if (await reader.Archive.FindAsync(dialog, reader.Mine.Next(1, 8), limit) is { } data)
                {
                    SegmentFormat.Open(dialog, data);
                }
            }
        })).ToArray();

        await done.Within("all writes", TimeSpan.FromMinutes(3));
        await Task.WhenAll([.. deleting, .. reading]).Within("sweeps and readers");

        var disk = new FilesOnDisk(Files);
        disk.AreSound();
        Assert.Empty(disk.Temporary);
        await disk.DeleteAllAsync(hosts[0].Archive, "acme", limit);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        static StreamKey Any(Random random) => StreamKey.ForDialog("acme", random.Next(1, 4));
    }
}
