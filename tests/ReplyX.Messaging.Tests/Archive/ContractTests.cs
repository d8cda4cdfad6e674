using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>What every archive does, whatever it is made of.</summary>
public sealed class ContractTests : MessagingTest
{
    private static readonly StreamKey _dialog = StreamKey.ForDialog("acme", 7);

    [Theory, MemberData(nameof(Archives))]
    public async Task A_segment_is_found_by_each_of_its_numbers_and_by_those_that_it_follows(RedisKind kind, ArchiveStore store)
    {
        var archive = (await StartArchiveAsync(kind, store)).Archive;
        Assert.Null(await FindAsync(archive, _dialog, 1));
        var second = Segments.Seal(_dialog, 101, 200);
        var first = Segments.Seal(_dialog, 5, 90);
        await archive.StoreAsync(_dialog, second, TestTimeout.Token());
        await archive.StoreAsync(_dialog, first, TestTimeout.Token());

        foreach (var (seq, expected) in ((long, ArchiveSegment?)[])[(1, first), (5, first), (90, first), (91, second), (101, second), (200, second), (201, null)])
        {
            Assert.Equal(expected?.Data.ToArray(), await FindAsync(archive, _dialog, seq));
        }

        Assert.Null(await FindAsync(archive, StreamKey.ForDialog("acme", 8), 1));
        Assert.Null(await FindAsync(archive, StreamKey.ForDialog("other", 7), 1));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_segment_that_ends_at_the_same_number_replaces_the_one_before_with_its_age(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var later = Segments.Start.AddDays(40);
        foreach (var segment in (ArchiveSegment[])
            [Segments.Seal(_dialog, 1, 9), Segments.Seal(_dialog, 1, 9), Segments.Seal(_dialog, 3, 9, later, "longer"), Segments.Seal(_dialog, 2, 9, Segments.Start.AddDays(3))])
        {
            await host.Archive.StoreAsync(_dialog, segment, TestTimeout.Token());
            Assert.Equal(segment.Data.ToArray(), await FindAsync(host.Archive, _dialog, 9));
            Assert.Equal([Segments.IdOf(_dialog, segment)], await host.ListAsync());
        }
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Segments_are_listed_by_the_time_of_their_newest_event(RedisKind kind, ArchiveStore store)
    {
        var random = Seed.Random();
        var host = await StartArchiveAsync(kind, store);
        List<SegmentId> all = [];
        for (var i = 0; i < 60; i++)
        {
            var dialog = StreamKey.ForDialog("acme", random.NextInt64(1, 1L << 53));
            var segment = Segments.Seal(dialog, 1, random.NextInt64(1, 30), Segments.Start.AddMinutes(i * i).AddMilliseconds(random.Next(60_000)));
            await host.Archive.StoreAsync(dialog, segment, TestTimeout.Token());
            all.Add(Segments.IdOf(dialog, segment));
        }

        var other = StreamKey.ForDialog("other", 7);
        await host.Archive.StoreAsync(other, Segments.Seal(other, 1, 2), TestTimeout.Token());

        Assert.Equal(all, await host.ListAsync());
        Assert.Equal(all[..7], await host.ListAsync(most: 7));
        Assert.Empty(await host.ListAsync(most: 0));
        for (var i = 0; i < 40; i++)
        {
            var from = random.Next(60);
            var to = random.Next(from, 60);
            Assert.Equal(
                all[from..(to + 1)],
                await host.Archive.ListAsync("acme", all[from].NewestAt, all[to].NewestAt, 100, TestTimeout.Token()));
        }

        Assert.Empty(await host.Archive.ListAsync("acme", all[3].NewestAt.AddMilliseconds(1), all[4].NewestAt.AddMilliseconds(-1), 100, TestTimeout.Token()));
        Assert.Empty(await host.Archive.ListAsync("nobody", DateTimeOffset.MinValue, DateTimeOffset.MaxValue, 100, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Deleting_takes_a_dialogs_segments_up_to_one_and_nothing_else(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var neighbour = StreamKey.ForDialog("acme", 7 + 4_096);
        foreach (var dialog in (StreamKey[])[_dialog, neighbour])
        {
            for (var i = 0; i < 250; i++)
            {
                await host.Archive.StoreAsync(dialog, Segments.Seal(dialog, i + 1, i + 1, Segments.Start.AddHours(i)), TestTimeout.Token());
            }
        }

        Assert.Equal(230, await DeleteAsync(230));
        Assert.Equal(0, await DeleteAsync(230));
        Assert.Equal(Segments.Seal(_dialog, 231, 231, Segments.Start.AddHours(230)).Data.ToArray(), await FindAsync(host.Archive, _dialog, 1));
        Assert.NotNull(await FindAsync(host.Archive, neighbour, 1));
        Assert.Equal(250 + 20, (await host.ListAsync()).Count);
        Assert.Equal(20, await DeleteAsync(250));
        Assert.Null(await FindAsync(host.Archive, _dialog, 1));
        Assert.Equal(250, (await host.ListAsync()).Count(segment => segment.Dialog == neighbour));

        Task<int> DeleteAsync(long last) =>
            host.Archive.DeleteThroughAsync(new SegmentId(_dialog, last, Segments.Start.AddHours(last - 1)), TestTimeout.Token());
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task What_is_in_the_list_alone_goes_when_it_is_deleted(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        var segment = Segments.Seal(_dialog, 1, 9);
        await host.Archive.StoreAsync(_dialog, segment, TestTimeout.Token());
        await host.DeleteSegmentAsync(_dialog, 9);
        Assert.Single(await host.ListAsync());

        await host.Archive.DeleteThroughAsync(Segments.IdOf(_dialog, segment), TestTimeout.Token());

        Assert.Empty(await host.ListAsync());
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Accounts_of_any_name_are_kept_apart(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        string[] accounts = ["a", "A", "a-1_2", "..", ".", "../a", "a/b", "a\\b", "%41", "a%2f", "con", "nul.txt", "käse", "東京", " ", "~", "a\nb", "archive.id", new('x', 100)];
        foreach (var account in accounts)
        {
            var dialog = StreamKey.ForDialog(account, 7);
            await host.Archive.StoreAsync(dialog, Segments.Seal(dialog, 1, 2, text: account.Length.ToString()), TestTimeout.Token());
        }

        Assert.Equal(accounts.Order(StringComparer.Ordinal), (await host.Archive.ListAccountsAsync(TestTimeout.Token())).Order(StringComparer.Ordinal));
        foreach (var account in accounts)
        {
            var dialog = StreamKey.ForDialog(account, 7);
            Assert.Equal(2, SegmentFormat.Open(dialog, (await FindAsync(host.Archive, dialog, 1))!).Count);
            var listed = Assert.Single(await host.Archive.ListAsync(account, Segments.Start, Segments.Start, 10, TestTimeout.Token()));
            Assert.Equal(1, await host.Archive.DeleteThroughAsync(listed, TestTimeout.Token()));
            Assert.Null(await FindAsync(host.Archive, dialog, 1));
        }
    }

    private static async Task<byte[]?> FindAsync(IDialogArchive archive, StreamKey dialog, long seq) =>
        (await archive.FindAsync(dialog, seq, TestTimeout.Token()))?.ToArray();
}
