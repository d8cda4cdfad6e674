using System.Text;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tests.Redis;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>A dialog whose last event has reached the account's age goes whole, and nothing of it is left anywhere.</summary>
public class ExpiryTests : MessagingTest
{
    // In every message, name and page of what goes.
    private const string Mark = "quokka";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory, MemberData(nameof(Archives))]
    public async Task Nothing_is_left_of_it_and_the_others_are_whole(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, _time);
        await host.SaveSiteAsync();
        await host.Retention.SetAsync("acme", TimeSpan.FromDays(60), TestTimeout.Token());

        // One at rest, one that is archived in part, one that has its log alone; and their guest's other one.
        var (rested, long_, short_) = (await OpenAsync(host, 20), await OpenAsync(host, 60), await OpenAsync(host, 3));
        var guest = (await host.Messaging.Dialogs.FindAsync(short_, TestTimeout.Token()))!.GuestId;
        var cursor = (await host.Messaging.ReadAllAsync(rested))[^1].Cursor;
        await host.ArchiveAsync(long_);
        Assert.True(await host.Archiver.RestAsync(rested, _time.GetUtcNow(), TestTimeout.Token()));
        _time.Advance(TimeSpan.FromDays(59));
        var other = (await host.Messaging.Dialogs.OpenAsync(MessagingHost.Site, DialogMode.Site, guest, TestTimeout.Token())).Dialog.Key;
        await host.SendAsync(other, 0, 5);
        await SweepAsync(host);
        Assert.Equal(4, (await ListAsync(host)).Count);

        _time.Advance(TimeSpan.FromDays(2));
        var heard = await host.Messaging.HearAsync(StreamKey.ForFeed("acme"));
        await SweepAsync(host);

        Assert.Empty(await host.Messaging.FindTextAsync(Mark));
        foreach (var dialog in (StreamKey[])[rested, long_, short_])
        {
            Assert.Empty(await host.Messaging.FindTextAsync($"{dialog.DialogId}"));
            Assert.Null(await host.Messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()));
            await MessagingHost.UntilHeardAsync(heard, $"\"type\":\"dialog_removed\",\"dialog_id\":{dialog.DialogId},");
        }

        Assert.DoesNotContain(FilesOf(store), path => !path.Contains($"{other.DialogId}", StringComparison.Ordinal));
        Assert.Equal([other], await ListAsync(host));
        Assert.Equal([other], (await host.Messaging.Dialogs.ListForGuestAsync("acme", guest, 10, TestTimeout.Token())).Select(dialog => dialog.Key));

        // Who still has a cursor is told that it is held no more, who writes that there is no such dialog, and who comes back starts anew.
        Assert.False((await host.AfterAsync(rested, cursor)).Held);
        Assert.Equal(Cursor.Start, await host.Messaging.Log.GetHeadAsync(rested, TestTimeout.Token()));
        Assert.Equal([Cursor.Start], await host.Messaging.Log.GetHeadsAsync([rested], TestTimeout.Token()));
        Assert.Equal(AppendOutcome.DialogNotFound, (await host.Messaging.SendAsync(rested, "c1", "text")).Outcome);
        Assert.False(await host.Messaging.Log.MarkReadAsync(rested, "guest:ann", Sender.User, 1, TestTimeout.Token()));
        Assert.True((await host.Messaging.Dialogs.OpenAsync(MessagingHost.Site, DialogMode.Widget, guest, TestTimeout.Token())).Created);

        // The other one, and the list, go on.
        await host.SendAsync(other, 5, 30);
        await host.ArchiveAsync(other);
        Assert.Equal(ArchiveHost.Numbers(1, 36), (await host.Messaging.ReadAllAsync(other)).Select(entry => entry.Seq));
        _time.Advance(TimeSpan.FromDays(61));
        await SweepAsync(host);
        Assert.Empty(await ListAsync(host));
        Assert.Empty(FilesOf(store));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_feed_says_nothing_of_it_and_keeps_its_place(RedisKind kind)
    {
        var host = await StartArchiveAsync(kind, ArchiveStore.Redis, _time);
        await host.SaveSiteAsync();
        var feed = StreamKey.ForFeed("acme");
        var dialog = await OpenAsync(host, 600);
        var head = await host.Messaging.Log.GetHeadAsync(feed, TestTimeout.Token());
        _time.Advance(TimeSpan.FromDays(366));

        await SweepAsync(host);
        await SweepAsync(host);
        var left = Assert.Single(await host.Messaging.Log.ReadTailAsync(feed, 10, TestTimeout.Token()) is var page ? page.Entries : []);
        Assert.Equal(head, left.Cursor);
        Assert.StartsWith($"{{\"type\":\"dialog_removed\",\"dialog_id\":{dialog.DialogId},\"seq\":{head.Seq},", Encoding.UTF8.GetString(left.Payload.Span), StringComparison.Ordinal);
        Assert.True((await host.Messaging.Log.ReadAfterAsync(feed, head, 10, TestTimeout.Token())).Held);

        await OpenAsync(host, 1);
        Assert.Equal(head.Seq + 1, (await host.Messaging.Log.GetHeadAsync(feed, TestTimeout.Token())).Seq);
    }

    [Theory, MemberData(nameof(CutOff))]
    public async Task Wherever_it_is_cut_off_the_next_sweep_finishes(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, _time);
        await host.SaveSiteAsync();
        var points = await CutConnection.EachAsync(async point =>
        {
            // By turns one at rest and one with a log.
            var dialog = await OpenAsync(host, 12);
            if (point.Number % 2 == 0)
            {
                Assert.True(await host.Archiver.RestAsync(dialog, _time.GetUtcNow(), TestTimeout.Token()));
            }

            _time.Advance(TimeSpan.FromDays(366));
            await using (var mortal = await ConnectArchiveAsync(store, _time, point))
            {
                point.IsArmed = true;
                try
                {
                    await SweepAsync(mortal);
                }
                catch (MessagingUnavailableException) when (point.WasReached)
                {
                    // As it is meant.
                }
            }

            // It is there whole, or there is none.
            if (await host.Messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()) is not null)
            {
                Assert.Equal(13, (await host.Messaging.ReadAllAsync(dialog)).Count);
            }
            else
            {
                Assert.Equal(AppendOutcome.DialogNotFound, (await host.Messaging.SendAsync(dialog, "late", Mark)).Outcome);
            }

            await SweepAsync(host);
            Assert.Empty(await host.Messaging.FindTextAsync(Mark));
            Assert.DoesNotContain(await host.Messaging.FindTextAsync($"{dialog.DialogId}"), found => !found.StartsWith("{acme}:feed: ", StringComparison.Ordinal));
            Assert.Empty(FilesOf(store));
        });
        Assert.InRange(points, 20, 200);
    }

    [Fact]
    public async Task A_writer_s_unfinished_file_goes_too_before_the_dialog_leaves_the_list()
    {
        var host = await StartArchiveAsync(RedisKind.Redis, ArchiveStore.Files, _time);
        await host.SaveSiteAsync();
        var dialog = await OpenAsync(host, 12);
        Assert.True(await host.Archiver.RestAsync(dialog, _time.GetUtcNow(), TestTimeout.Token()));
        var unfinished = Path.ChangeExtension(FilesOf(ArchiveStore.Files).First(path => path.EndsWith(".rxs", StringComparison.Ordinal)), ".0.tmp");
        await File.WriteAllTextAsync(unfinished, Mark);
        _time.Advance(TimeSpan.FromDays(366));
        File.SetLastWriteTimeUtc(unfinished, _time.GetUtcNow().UtcDateTime);

        // It may be a writer's that lives.
        await SweepAsync(host);
        Assert.True(File.Exists(unfinished));
        Assert.Null(await host.Messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()));
        _time.Advance(TimeSpan.FromHours(2));
        await SweepAsync(host);
        Assert.Empty(FilesOf(ArchiveStore.Files));
        Assert.Equal(0, await host.Messaging.Database.SortedSetLengthAsync("{acme}:dialogs"));
    }

    private static async Task<StreamKey> OpenAsync(ArchiveHost host, int messages)
    {
        var dialog = await host.Messaging.OpenDialogAsync();
        var owner = (await host.Messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Owner;
        await host.Messaging.Dialogs.NoteVisitorAsync(dialog, owner, new VisitorNote { Name = Mark, Page = new VisitorPage($"https://{Mark}.example/") }, TestTimeout.Token());
        for (var i = 0; i < messages; i++)
        {
            await host.Messaging.SendAsync(dialog, $"{Mark}{i}", $"{Mark} {i}", Mark);
        }

        await host.Messaging.Log.MarkReadAsync(dialog, Mark, Sender.User, 1, TestTimeout.Token());
        return dialog;
    }

    private static Task SweepAsync(ArchiveHost host) => host.Sweep.SweepAsync(TimeSpan.Zero, TestTimeout.Token());

    private static async Task<List<StreamKey>> ListAsync(ArchiveHost host) =>
        [.. (await host.Messaging.Dialogs.SearchAsync("acme", DialogFilter.All, 0, 100, TestTimeout.Token())).Items.Select(dialog => dialog.Key)];

    private IEnumerable<string> FilesOf(ArchiveStore store) => store == ArchiveStore.Redis
        ? []
        : Directory.EnumerateFiles(Path.Join(Files, "accounts"), "*", SearchOption.AllDirectories);
}
