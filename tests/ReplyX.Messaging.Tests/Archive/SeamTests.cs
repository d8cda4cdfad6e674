using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>What a log gave up to the archive is read as if it still stood there, on every archive.</summary>
public class SeamTests : MessagingTest
{
    [Theory, MemberData(nameof(Archives))]
    public async Task Every_read_crosses_the_seam(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var dialog = await host.OpenDialogAsync(99);
        var before = await host.Messaging.ReadAllAsync(dialog);

        await host.ArchiveAsync(dialog);

        // 100 events less the window are 80: ten segments, all of which leave the log.
        Assert.Equal(ArchiveHost.Numbers(81, 100), await host.InLogAsync(dialog));
        var after = await host.Messaging.ReadAllAsync(dialog);
        Assert.Equal(before.Select(entry => entry.Raw.ToArray()), after.Select(entry => entry.Raw.ToArray()));

        // From every position, by pages of every awkward length.
        foreach (var most in (int[])[1, 7, 8, 9, 30, 1_000])
        {
            for (var seq = 0; seq <= 100; seq += most == 1 ? 1 : 9)
            {
                var cursor = seq == 0 ? Cursor.Start : before[seq - 1].Cursor;
                var page = await host.AfterAsync(dialog, cursor, most);
                Assert.True(page.Held);
                Assert.Equal(1, page.First);
                Assert.Equal(before[^1].Cursor, page.Head);
                Assert.Equal(ArchiveHost.Numbers(seq + 1, Math.Min(100, seq + most)), page.Entries.Select(entry => entry.Seq));
                Assert.Equal(seq + most < 100, page.HasMore);

                Assert.Equal(
                    ArchiveHost.Numbers(seq, Math.Min(100, seq + most - 1)).Where(number => number > 0),
                    (await host.FromAsync(dialog, seq, most)).Entries.Select(entry => entry.Seq));
                Assert.Equal(
                    ArchiveHost.Numbers(Math.Max(1, seq - most), seq - 1),
                    (await host.BeforeAsync(dialog, seq, most)).Entries.Select(entry => entry.Seq));
                Assert.Equal(
                    ArchiveHost.Numbers(Math.Max(1, 101 - most), 100),
                    (await host.TailAsync(dialog, most)).Entries.Select(entry => entry.Seq));
            }
        }

        Assert.Empty((await host.FromAsync(dialog, -5, 3)).Entries);
        Assert.Empty((await host.FromAsync(dialog, 101, 3)).Entries);
        Assert.Equal(ArchiveHost.Numbers(98, 100), (await host.BeforeAsync(dialog, 1_000, 3)).Entries.Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_cursor_in_the_archive_is_held_with_its_own_nonce_and_no_other(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        var all = await host.Messaging.ReadAllAsync(dialog);

        // In the first segment, at both ends of one, at the seam, and in the log.
        foreach (var seq in (int[])[1, 8, 9, 16, 42, 79, 80, 81, 100])
        {
            var cursor = all[seq - 1].Cursor;
            Assert.True((await host.AfterAsync(dialog, cursor)).Held);
            var other = await host.AfterAsync(dialog, cursor with { Nonce = cursor.Nonce ^ 1 });
            Assert.False(other.Held);
            Assert.Empty(other.Entries);
        }

        Assert.False((await host.AfterAsync(dialog, new Cursor(101, 1))).Held);
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Pages_across_the_seam_are_bounded_by_bytes(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, settings: [("WindowEvents", "10"), ("SegmentBytes", "50000")]);
        var dialog = await host.Messaging.OpenDialogAsync();
        for (var i = 0; i < 60; i++)
        {
            await host.Messaging.SendAsync(dialog, $"c{i}", new string((char)('a' + (i % 26)), 8000));
        }

        await host.ArchiveAsync(dialog);
        var page = await host.AfterAsync(dialog, Cursor.Start, 1_000);

        // Six of 8,000 bytes fill a segment before eight are together. 61 less the window are 51: eight segments.
        Assert.InRange((await host.InLogAsync(dialog))[0], 46, 51);
        Assert.InRange(page.Entries.Sum(entry => entry.Payload.Length), 200_000, 256 * 1024);
        Assert.True(page.HasMore);
        Assert.Equal(ArchiveHost.Numbers(1, 61), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Read_backward_a_page_holds_the_newest_that_fit(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, settings: [("WindowEvents", "10"), ("SegmentBytes", "50000")]);
        var dialog = await host.Messaging.OpenDialogAsync();
        for (var i = 0; i < 60; i++)
        {
            await host.Messaging.SendAsync(dialog, $"c{i}", new string((char)('a' + (i % 26)), 8000));
        }

        // Once whole in the log, and once with the seam amid the first page and pages in the archive alone.
        for (var round = 0; round < 2; round++)
        {
            var seen = new List<long>();
            var page = await host.TailAsync(dialog, 1_000);
            Assert.InRange(page.Entries.Sum(entry => entry.Raw.Length), 200_000, 256 * 1024);
            while (page.Entries.Count > 0)
            {
                Assert.InRange(page.Entries.Sum(entry => entry.Raw.Length), 1, 256 * 1024);
                Assert.Equal((61L, 1L), (page.Head.Seq, page.First));
                seen.InsertRange(0, page.Entries.Select(entry => entry.Seq));
                page = await host.BeforeAsync(dialog, seen[0], 1_000);
            }

            Assert.Equal(ArchiveHost.Numbers(1, 61), seen);
            await host.ArchiveAsync(dialog);
            Assert.InRange((await host.InLogAsync(dialog))[0], 46, 51);
        }
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_page_holds_one_event_at_least_however_long(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, settings: [("WindowEvents", "10"), ("SegmentBytes", "50000")]);
        var dialog = await host.Messaging.OpenDialogAsync();
        for (var i = 0; i < 30; i++)
        {
            await host.Messaging.SendAsync(dialog, $"c{i}", new string('x', 300_000));
        }

        await host.ArchiveAsync(dialog);
        Assert.True((await host.InLogAsync(dialog))[0] > 1);

        for (var seq = 2; seq <= 31; seq++)
        {
            Assert.Equal([seq], (await host.FromAsync(dialog, seq, 100)).Entries.Select(entry => entry.Seq));
            Assert.Equal([seq], (await host.BeforeAsync(dialog, seq + 1, 100)).Entries.Select(entry => entry.Seq));
        }
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_log_that_is_lost_goes_on_behind_its_archive(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var dialog = await host.OpenDialogAsync(99);
        await host.ArchiveAsync(dialog);
        var all = await host.Messaging.ReadAllAsync(dialog);

        await host.Messaging.Database.KeyDeleteAsync(ArchiveHost.LogKey(dialog));

        Assert.Equal(all[79].Cursor, await host.Messaging.Log.GetHeadAsync(dialog, TestTimeout.Token()));
        Assert.False((await host.AfterAsync(dialog, all[99].Cursor)).Held);
        Assert.True((await host.AfterAsync(dialog, all[79].Cursor)).Held);
        var next = await host.Messaging.SendAsync(dialog, "again", "text");
        Assert.Equal(81, next.Entry.Seq);
        Assert.False((await host.AfterAsync(dialog, all[80].Cursor)).Held);
        Assert.Equal(ArchiveHost.Numbers(1, 81), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_feed_keeps_its_own_window(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var dialog = await host.OpenDialogAsync(50);
        await host.ArchiveAsync(dialog);

        Assert.Equal(50, (await host.Messaging.ReadAllAsync(StreamKey.ForFeed("acme"))).Count);
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_seam_that_moves_between_the_two_reads_is_followed(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, archive: services => new HookedArchive(services));
        var hooked = (HookedArchive)host.Archive;
        var dialog = await host.OpenDialogAsync(60);
        await host.ArchiveAsync(dialog);
        var moves = 0;
        var said = 60;
        async Task MoveAsync()
        {
            if (moves++ < 3)
            {
                await host.SendAsync(dialog, said, 20);
                said += 20;
                await host.ArchiveAsync(dialog);
            }
        }

        hooked.BeforeFind = MoveAsync;
        var seam = (await host.InLogAsync(dialog))[0];
        var page = await host.FromAsync(dialog, seam - 3, 1_000);

        Assert.Equal(ArchiveHost.Numbers(seam - 3, 121), page.Entries.Select(entry => entry.Seq));
        Assert.Equal(121, page.Head.Seq);

        // The tail is that of the moment it was asked for.
        moves = 2;
        var tail = await host.TailAsync(dialog, 60);
        Assert.Equal(ArchiveHost.Numbers(62, 121), tail.Entries.Select(entry => entry.Seq));
        Assert.Equal(121, tail.Head.Seq);
        Assert.Equal(141, (await host.Messaging.Log.GetHeadAsync(dialog, TestTimeout.Token())).Seq);
    }
}
