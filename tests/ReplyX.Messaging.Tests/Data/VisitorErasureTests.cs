using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Data;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tests.Archive;
using ReplyX.Messaging.Tests.Redis;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Data;

/// <summary>A visitor who is erased is nowhere any more, in no key and no file, and everybody else is where they were.</summary>
public class VisitorErasureTests : DataTest
{
    [Theory, MemberData(nameof(Archives))]
    public async Task A_visitor_who_was_everywhere_is_nowhere(RedisKind kind, ArchiveStore store)
    {
        var host = await StartAsync(kind, store);
        var (ann, ben) = (new Person(host.Messaging), new Person(host.Messaging));

        // Of each state that a dialog may be in one: in the log alone, in part and wholly in the archive, and not written in.
        var inLog = await ann.OpenAsync(Blog, DialogMode.Widget, 3);
        var inPart = await ann.OpenAsync(Shop, DialogMode.Widget, 40);
        var atRest = await ann.OpenAsync(Shop, DialogMode.Site, 20);
        var unlisted = await ann.OpenAsync(Blog, DialogMode.Site, 0);
        var bens = await ben.OpenAsync(Shop, DialogMode.Widget, 40);
        foreach (var dialog in (StreamKey[])[inPart, bens])
        {
            await host.ArchiveAsync(dialog);
        }

        Assert.True(await host.Archiver.RestAsync(atRest, Time.GetUtcNow(), TestTimeout.Token()));
        await host.Messaging.Dialogs.NoteStartedGuestAsync(new GuestStart(Shop, "192.0.2.1", "a start of hers"), ann.Id, TestTimeout.Token());
        var exports = (Of: await DoAsync(host, DataJobKind.Export, ann.Id), OfAll: await DoAsync(host, DataJobKind.Export, null));
        Assert.Equal((DataJobState.Done, DataJobState.Done), (exports.Of.State, exports.OfAll.State));

        // The scan finds them in each of the places that an erasure has to reach.
        var before = await ScanAsync(host, store);
        string Key(StreamKey dialog, string suffix = "") => ArchiveHost.DialogName(dialog) + suffix;
        void Finds(string mark, string place) =>
            Assert.True(before.Find(mark).Any(found => found.StartsWith(place, StringComparison.Ordinal)), $"{mark} is not found in {place}, but in {string.Join(", ", before.Find(mark))}");

        Finds(ann.Text, Key(inLog, ":log"));
        Finds(ann.ClientKey, Key(inLog, ":log"));
        Finds(ann.ClientKey, Key(inLog, ":keys"));
        Finds(ann.Id, Key(inLog, ":read"));
        foreach (var mark in (string[])[ann.Id, ann.Name, ann.Email, ann.Url, ann.Title, ann.Referrer, ann.Agent, ann.Locale])
        {
            Finds(mark, Key(inLog));
            Finds(mark, Key(atRest));
            Finds(mark, Key(unlisted));
            Finds(mark, $"{{acme}}:data:job:{exports.Of.Id}:part:");
        }

        Assert.True(await host.Messaging.Database.HashExistsAsync(Key(atRest), "packed0"));
        foreach (var dialog in (StreamKey[])[inPart, atRest])
        {
            Finds(ann.Text, store == ArchiveStore.Redis ? Key(dialog, ":archive") : Path.Join(Files, "accounts", "acme", "dialogs"));
        }

        foreach (var mark in (string[])[ann.Text, ann.Name, ann.Email, ann.Url])
        {
            Finds(mark, "{acme}:feed");
        }

        Finds(ann.Text, $"{{acme}}:data:job:{exports.OfAll.Id}:part:");
        Finds(ann.Id, $"{{acme}}:guest:{ann.Id}:dialogs");
        Finds(ann.Id, $"{{acme}}:guest:{ann.Id}:open:");
        Finds(ann.Id, "{acme}:start:");
        Finds($"{inLog.DialogId}", "{acme}:assistant:blog:inbox");
        Finds($"{inLog.DialogId}", "{acme}:dialogs");

        // All that lists hear, and that the dialog's sockets are made to look.
        var heard = await host.Messaging.HearAsync(StreamKey.ForFeed("acme"), inLog);
        var feed = await host.Messaging.Log.GetHeadAsync(StreamKey.ForFeed("acme"), TestTimeout.Token());
        var erased = await DoAsync(host, DataJobKind.Erasure, ann.Id);
        Assert.Equal((DataJobState.Done, 4, 4, null), (erased.State, erased.Done, erased.Total, erased.VisitorId));

        var after = await ScanAsync(host, store);
        Assert.All(ann.Marks, mark => Assert.Empty(after.Find(mark)));
        foreach (var dialog in (StreamKey[])[inLog, inPart, atRest, unlisted])
        {
            // The feed says that it was removed, which names nobody.
            Assert.All(after.Find($"{dialog.DialogId}"), place => Assert.Equal("{acme}:feed", place));
            Assert.Equal(AppendOutcome.DialogNotFound, (await ann.SendAsync(dialog, new DialogOwner(ann.Id, Shop.Id, DialogMode.Widget), 99)).Outcome);
        }

        await MessagingHost.UntilHeardAsync(heard, $"{{\"type\":\"dialog_removed\",\"dialog_id\":{inLog.DialogId},");
        await MessagingHost.UntilHeardAsync(heard, $"{Cursor.MaxSeq} 0 ");

        // The assistant is there still, and the feed's place; its cursors are held.
        Assert.True(await host.Messaging.Database.KeyExistsAsync("{acme}:assistant:blog:inbox"));
        Assert.True((await host.Messaging.Log.ReadAfterAsync(StreamKey.ForFeed("acme"), feed, 10, TestTimeout.Token())).Held);

        // Exports that had her are taken back.
        foreach (var export in (DataJob[])[exports.Of, exports.OfAll])
        {
            var now = (await JobsOf(host).FindAsync("acme", export.Id, TestTimeout.Token()))!;
            Assert.Equal((DataJobState.Failed, DataJobFailure.Erased, null, null), (now.State, now.Failure, now.ExpiresAt, now.VisitorId));
        }

        // Her token, which may be good for a year, starts nothing; somebody new may come.
        var exception = await Assert.ThrowsAsync<VisitorErasedException>(() => host.Messaging.Dialogs.OpenAsync(Shop, DialogMode.Widget, ann.Id, TestTimeout.Token()));
        Assert.False(exception.IsAccount);
        Assert.True((await host.Messaging.Dialogs.OpenAsync(Shop, DialogMode.Widget, new Person(host.Messaging).Id, TestTimeout.Token())).Created);

        // And he is whole.
        Assert.Equal(ArchiveHost.Numbers(1, 41), (await host.Messaging.ReadAllAsync(bens)).Select(entry => entry.Seq));
        Assert.Equal(ben.Name, (await host.Messaging.Dialogs.FindAsync(bens, TestTimeout.Token()))!.Visitor!.Name);
        Assert.Contains("{acme}:feed", after.Find(ben.Text));
        Assert.Equal([bens], (await host.Messaging.Dialogs.SearchAsync("acme", DialogFilter.All, 0, 10, TestTimeout.Token())).Items.Select(dialog => dialog.Key));
        Assert.Equal(1, (await DoAsync(host, DataJobKind.Export, ben.Id)).Total);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Dialogs_that_nothing_leads_to_any_more_are_found_by_the_list(RedisKind kind)
    {
        var host = await StartAsync(kind, ArchiveStore.Redis);
        var ann = new Person(host.Messaging);
        var dialog = await ann.OpenAsync(Shop, DialogMode.Widget, 2);
        var going = await ann.OpenAsync(Shop, DialogMode.Site, 2);

        // A year later, of an account that keeps dialogs for ever; and one that a sweep has just begun to delete.
        await host.Messaging.Database.KeyDeleteAsync($"{{acme}}:guest:{ann.Id}:dialogs");
        await host.Messaging.Database.KeyRenameAsync(ArchiveHost.DialogName(going), ArchiveHost.DialogName(going) + ":going");
        var erased = await DoAsync(host, DataJobKind.Erasure, ann.Id);
        Assert.Equal((DataJobState.Done, 2), (erased.State, erased.Total));
        Assert.Empty((await ScanAsync(host, ArchiveStore.Redis)).Find(ann.Id));
        Assert.Null(await host.Messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()));
    }

    [Fact]
    public async Task Wherever_a_worker_ends_another_goes_on()
    {
        const ArchiveStore store = ArchiveStore.Files;
        var host = await StartFastAsync(store);
        var points = await CutConnection.EachAsync(async point =>
        {
            var ann = new Person(host.Messaging);
            await ann.OpenAsync(Shop, DialogMode.Widget, 1);
            if (point.Number % 4 == 1)
            {
                await DoAsync(host, DataJobKind.Export, ann.Id);
            }
            else if (point.Number % 4 == 3)
            {
                var atRest = await ann.OpenAsync(Blog, DialogMode.Widget, 9);
                Assert.True(await host.Archiver.RestAsync(atRest, Time.GetUtcNow(), TestTimeout.Token()));
            }

            var job = (await StartJobAsync(host, DataJobKind.Erasure, ann.Id)).Job;
            await using (var mortal = await ConnectArchiveAsync(store, Time, point))
            {
                point.IsArmed = true;
                try
                {
                    await RunAsync(mortal, job);
                }
                catch (MessagingUnavailableException) when (point.WasReached)
                {
                    // As it is meant.
                }
            }

            // As if its lease had run out.
            var key = $"{{acme}}:data:job:{job.Id}";
            await host.Messaging.Database.HashSetAsync(key, "lease_until", 0, When.Always);
            Assert.Equal(DataJobState.Done, (await RunAsync(host, job)).State);
            var after = await ScanAsync(host, store);
            Assert.All(ann.Marks, mark => Assert.Empty(after.Find(mark)));
            Assert.DoesNotContain("{acme}:data:open", after.Keys);
            await host.Messaging.Database.KeyDeleteAsync([key, "{acme}:feed", "{acme}:data:jobs", "{acme}:audit"]);
        });
        Assert.InRange(points, 60, 400);
    }

    [Fact]
    public async Task What_an_archiver_stores_too_late_goes_too()
    {
        await StartServerAsync(RedisKind.Redis);
        Func<Task>? meanwhile = null;
        var host = Keep(await ConnectArchiveAsync(
            ArchiveStore.Redis, Time, services => new HookedArchive(services) { BeforeStore = () => meanwhile?.Invoke() ?? Task.CompletedTask }));
        await SetUpAsync(host);
        var ann = new Person(host.Messaging);
        var dialog = await ann.OpenAsync(Shop, DialogMode.Widget, 40);
        meanwhile = async () =>
        {
            meanwhile = null;
            Assert.Equal(DataJobState.Done, (await DoAsync(host, DataJobKind.Erasure, ann.Id)).State);
        };

        // It has read the log when the dialog goes, and stores what it read.
        await host.ArchiveAsync(dialog);
        Assert.Null(meanwhile);
        Assert.Empty((await ScanAsync(host, ArchiveStore.Redis)).Find(ann.Text));
    }
}
