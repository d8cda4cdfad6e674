using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tests.Redis;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>A dialog that nobody writes in goes to the archive whole, is what it was, and comes back, on every archive.</summary>
public class IdleTests : MessagingTest
{
    private static readonly TimeSpan _idle = TimeSpan.FromDays(31);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory, MemberData(nameof(Archives))]
    public async Task A_dialog_at_rest_is_what_it_was_and_takes_next_to_nothing(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, _time);
        var messaging = host.Messaging;
        await host.SaveSiteAsync();
        var dialog = await OpenRichDialogAsync(host);
        var name = ArchiveHost.DialogName(dialog);
        var all = await messaging.ReadAllAsync(dialog);
        var known = await FindAsync(host, dialog);
        var before = kind == RedisKind.Redis ? await MeasureAsync(host, dialog) : default;

        // A day before it is due nothing happens.
        _time.Advance(TimeSpan.FromDays(29));
        await host.RestAsync();
        Assert.Equal(all.Count, (await host.InLogAsync(dialog)).Length);

        _time.Advance(TimeSpan.FromDays(2));
        await host.RestAsync();
        var segments = (string[])(store == ArchiveStore.Redis ? [$"{name}:archive", $"{name}:archive:index"] : []);
        Assert.Equal([name, .. segments], (await messaging.ListKeysAsync()).Where(key => key.StartsWith(name, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal("{acme}:dialogs", Assert.Single(await messaging.FindTextAsync($"{dialog.DialogId}"), found => found.StartsWith("{acme}:dialogs", StringComparison.Ordinal)).Split(": ")[0]);
        if (kind == RedisKind.Redis)
        {
            var after = await MeasureAsync(host, dialog);
            TestContext.Current.TestOutputHelper?.WriteLine($"{before.Live} bytes before, {after.Live} at rest and {after.Archive} of archive in Redis");
            Assert.Equal("listpack", (string?)await messaging.Database.ExecuteAsync("OBJECT", "ENCODING", name));
            Assert.InRange(after.Live, 1, before.Live / 10);
        }

        // Everything that reads it finds what it found.
        Assert.Equal(known, await FindAsync(host, dialog));
        Assert.Equal(known, Assert.Single((await messaging.Dialogs.SearchAsync("acme", new DialogFilter { Text = "Zoë" }, 0, 10, TestTimeout.Token())).Items));
        Assert.Equal(all.Select(entry => entry.Raw.ToArray()), (await messaging.ReadAllAsync(dialog)).Select(entry => entry.Raw.ToArray()));
        Assert.Equal(ArchiveHost.Numbers(all.Count - 4, all.Count), (await host.TailAsync(dialog, 5)).Entries.Select(entry => entry.Seq));
        Assert.Equal(all[^1].Cursor, await messaging.Log.GetHeadAsync(dialog, TestTimeout.Token()));
        Assert.Equal([all[^1].Cursor], await messaging.Log.GetHeadsAsync([dialog], TestTimeout.Token()));
        foreach (var seq in (int[])[1, 7, 8, all.Count - 1, all.Count])
        {
            var cursor = all[seq - 1].Cursor;
            var page = await host.AfterAsync(dialog, cursor);
            Assert.True(page.Held);
            Assert.Equal(ArchiveHost.Numbers(seq + 1, all.Count), page.Entries.Select(entry => entry.Seq));
            Assert.False((await host.AfterAsync(dialog, cursor with { Nonce = cursor.Nonce ^ 1 })).Held);
        }

        // Looked at once more it stays so.
        await host.RestAsync();
        Assert.False(await host.Archiver.RestAsync(dialog, _time.GetUtcNow(), TestTimeout.Token()));
        Assert.Equal(known, await FindAsync(host, dialog));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task It_comes_back_when_somebody_writes_and_goes_again(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, _time);
        var messaging = host.Messaging;
        await host.SaveSiteAsync();
        var dialog = await OpenRichDialogAsync(host);
        var all = await messaging.ReadAllAsync(dialog);
        var known = await FindAsync(host, dialog);
        _time.Advance(_idle);
        await host.RestAsync();

        // Marks stand where they stood, and move on.
        Task<bool> ReadAsync(string who, Sender side, long seq) => messaging.Log.MarkReadAsync(dialog, who, side, seq, TestTimeout.Token());
        Assert.True(await ReadAsync("guest:ann", Sender.User, 3));
        Assert.Equal(known.Read, (await FindAsync(host, dialog)).Read);
        Assert.False(await ReadAsync("operator:anna", Sender.Manager, all.Count + 1));
        Assert.True(await ReadAsync("operator:anna", Sender.Manager, all.Count));
        Assert.Equal(0, (await FindAsync(host, dialog)).Unread);

        // Only who holds it may speak, and what is noted of the visitor is changed field by field.
        Assert.Equal(AppendOutcome.HandoffRefused, (await messaging.AppendAsync(dialog, new NewMessage(MessagingHost.Key("boris", "b1"), Sender.Manager, "me", OperatorId: "boris"))).Outcome);
        Assert.True(await messaging.Dialogs.NoteVisitorAsync(
            dialog, known.Owner, new VisitorNote { Email = "", Page = new VisitorPage("https://shop.example/back") }, TestTimeout.Token()));
        var noted = await FindAsync(host, dialog);
        Assert.Equal(("Zoë", null, "https://shop.example/back", known.StartedPage), (noted.Visitor!.Name, noted.Visitor.Email, noted.Page!.Url, noted.StartedPage));
        Assert.Equal((known.Last, known.CreatedAt, known.OperatorName, known.HandoffSince), (noted.Last, noted.CreatedAt, noted.OperatorName, noted.HandoffSince));

        // The number goes on, a retry is known, and the cursor of before is held without the archive.
        await host.SendAsync(dialog, 100, 2);
        var retry = await messaging.SendAsync(dialog, "c100", "text 100");
        Assert.Equal((AppendOutcome.Duplicate, all.Count + 1L), (retry.Outcome, retry.Entry.Seq));
        Assert.Equal(ArchiveHost.Numbers(all.Count + 1, all.Count + 2), await host.InLogAsync(dialog));
        var page = await host.AfterAsync(dialog, all[^1].Cursor);
        Assert.True(page.Held);
        Assert.Equal(ArchiveHost.Numbers(all.Count + 1, all.Count + 2), page.Entries.Select(entry => entry.Seq));
        Assert.Equal(ArchiveHost.Numbers(1, all.Count + 2), (await messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
        Assert.Equal(all.Count + 2, (await FindAsync(host, dialog)).Last!.Seq);

        // Within the time of its keys it is never taken for idle; then it goes again, and grows beyond the window as ever.
        await host.RestAsync();
        Assert.Equal(2, (await host.InLogAsync(dialog)).Length);
        _time.Advance(_idle);
        await host.RestAsync();
        Assert.Empty(await host.InLogAsync(dialog));
        await host.SendAsync(dialog, 200, 60);
        await host.ArchiveAsync(dialog);
        Assert.InRange((await host.InLogAsync(dialog)).Length, ArchiveHost.Window, ArchiveHost.Window + ArchiveHost.Segment);
        Assert.Equal(ArchiveHost.Numbers(1, all.Count + 62), (await messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
        Assert.Equal(("Zoë", "Anna Schmidt"), ((await FindAsync(host, dialog)).Visitor!.Name, (await FindAsync(host, dialog)).OperatorName));
    }

    [Theory, MemberData(nameof(CutOff))]
    public async Task Wherever_it_is_cut_off_nothing_is_lost_and_the_repeat_finishes(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store, _time);
        await host.SaveSiteAsync();
        var points = await CutConnection.EachAsync(async point =>
        {
            var dialog = await OpenRichDialogAsync(host, messages: 10);
            var all = await host.Messaging.ReadAllAsync(dialog);
            var known = await FindAsync(host, dialog);
            _time.Advance(_idle);
            await using (var mortal = await ConnectArchiveAsync(store, _time, point))
            {
                point.IsArmed = true;
                await DieAsync(() => mortal.Archiver.RestAsync(dialog, _time.GetUtcNow() - TimeSpan.FromDays(1), TestTimeout.Token()), point);
            }

            Assert.Equal(known, await FindAsync(host, dialog));
            Assert.Equal(all.Select(entry => entry.Cursor), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Cursor));
            Assert.True((await host.AfterAsync(dialog, all[^1].Cursor)).Held);

            // By turns somebody writes before the repeat, and after it.
            if (point.Number % 2 == 0)
            {
                await host.SendAsync(dialog, 100, 1);
                Assert.False(await host.Archiver.RestAsync(dialog, _time.GetUtcNow() - TimeSpan.FromDays(1), TestTimeout.Token()));
                _time.Advance(_idle);
            }

            await host.Archiver.RestAsync(dialog, _time.GetUtcNow() - TimeSpan.FromDays(1), TestTimeout.Token());
            Assert.Empty(await host.InLogAsync(dialog));
            await host.SendAsync(dialog, 200, 1);
            var after = await host.Messaging.ReadAllAsync(dialog);
            Assert.Equal(ArchiveHost.Numbers(1, all.Count + (point.Number % 2 == 0 ? 2 : 1)), after.Select(entry => entry.Seq));
            Assert.Equal(all.Select(entry => entry.Cursor), after.Take(all.Count).Select(entry => entry.Cursor));
            Assert.Equal(known.Visitor, (await FindAsync(host, dialog)).Visitor);
        });
        Assert.InRange(points, 15, 200);
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task An_append_that_comes_in_between_wins(RedisKind kind, ArchiveStore store)
    {
        StreamKey dialog = default;
        ArchiveHost? host = null;
        var at = 100;
        host = await StartArchiveAsync(kind, store, _time, services => new HookedArchive(services)
        {
            BeforeStore = () => at < 103 ? host!.SendAsync(dialog, at++, 1) : Task.CompletedTask,
        });
        await host.SaveSiteAsync();
        dialog = await host.OpenDialogAsync(11);
        _time.Advance(_idle);

        await host.RestAsync();
        Assert.NotEmpty(await host.InLogAsync(dialog));
        Assert.Equal(ArchiveHost.Numbers(1, 12 + (at - 100)), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
        Assert.Equal(AppendOutcome.Duplicate, (await host.Messaging.SendAsync(dialog, "c100", "text 100")).Outcome);

        at = 103;
        _time.Advance(_idle);
        await host.RestAsync();
        Assert.Empty(await host.InLogAsync(dialog));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task Dialogs_that_go_and_come_back_all_the_while_lose_and_repeat_nothing(RedisKind kind, ArchiveStore store)
    {
        const int writers = 3;
        const int each = 5;
        const int rounds = 10;
        var host = await StartArchiveAsync(kind, store);
        await using var second = await ConnectArchiveAsync(store);
        var dialog = await host.Messaging.OpenDialogAsync();
        await host.SendAsync(dialog, 0, 1);
        var known = new ConcurrentDictionary<long, Cursor>();
        using var stop = new CancellationTokenSource();
        var rests = 0;

        // As if it were idle whenever nobody writes this very moment.
        var resting = ((ArchiveHost[])[host, second]).Select(archiver => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (await archiver.Archiver.RestAsync(dialog, DateTimeOffset.UtcNow.AddMinutes(1), TestTimeout.Token()))
                {
                    Interlocked.Increment(ref rests);
                }
            }
        })).ToArray();
        var reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var all = await second.Messaging.ReadAllAsync(dialog);
                Assert.Equal(ArchiveHost.Numbers(1, all.Count), all.Select(entry => entry.Seq));
                Assert.All(all, entry => Assert.Equal(entry.Cursor, known.GetOrAdd(entry.Seq, entry.Cursor)));
            }
        });
        for (var round = 0; round < rounds; round++)
        {
            // The first appends of a round find it at rest, or on its way there.
            var before = rests;
            await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < each; i++)
                {
                    var sent = await (writer == 0 ? second : host).Messaging.SendAsync(dialog, $"{round}-{writer}-{i}", "text");
                    Assert.Equal(AppendOutcome.Appended, sent.Outcome);
                    Assert.Equal(sent.Entry.Cursor, known.GetOrAdd(sent.Entry.Seq, sent.Entry.Cursor));
                }
            }))).Within("all appends");
            await Task.WhenAny(UntilAsync(() => rests > before), Task.WhenAll([.. resting, reading]));
        }

        await stop.CancelAsync();
        await Task.WhenAll([.. resting, reading]).Within("the others to end");

        Assert.Equal(ArchiveHost.Numbers(1, 2 + (rounds * writers * each)), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory]
    [InlineData(RedisKind.Garnet, ArchiveStore.Redis)]
    [InlineData(RedisKind.Redis, ArchiveStore.Files)]
    public async Task Nothing_acknowledged_is_lost_when_the_server_is_killed_while_dialogs_go_and_come_back(RedisKind kind, ArchiveStore store)
    {
        var random = Seed.Random();
        var host = await StartArchiveAsync(kind, store);
        var talks = new List<(StreamKey Dialog, List<Cursor> Acknowledged)>();
        for (var i = 0; i < 3; i++)
        {
            talks.Add((await host.OpenDialogAsync(1), []));
        }

        using var stop = new CancellationTokenSource();
        var acknowledged = 0;
        var resting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var (dialog, _) in talks)
                {
                    await TryAsync(() => host.Archiver.RestAsync(dialog, DateTimeOffset.UtcNow.AddMinutes(1), TestTimeout.Token()));
                }
            }
        });
        var writing = talks.Select(talk => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await TryAsync(async () =>
                {
                    talk.Acknowledged.Add((await host.Messaging.SendAsync(talk.Dialog, $"m{i}", "text")).Entry.Cursor);
                    Interlocked.Increment(ref acknowledged);
                });

                // Now and then nobody writes, until the dialog is at rest.
                await TryAsync(async () =>
                {
                    while (i % 5 == 0 && !stop.IsCancellationRequested && await host.Messaging.Database.KeyExistsAsync(ArchiveHost.LogKey(talk.Dialog)))
                    {
                        await Task.Delay(1, CancellationToken.None);
                    }
                });
            }
        })).ToArray();
        for (var kill = 0; kill < 3; kill++)
        {
            var enough = acknowledged + random.Next(15, 40);
            await UntilAsync(() => acknowledged >= enough);
            await Server.KillAsync();
            await Server.RestartAsync();
        }

        var more = acknowledged + 15;
        await UntilAsync(() => acknowledged >= more);
        await stop.CancelAsync();
        await Task.WhenAll([.. writing, resting]).Within("writers and archiver to end");

        foreach (var (dialog, cursors) in talks)
        {
            var all = await host.Messaging.ReadAllAsync(dialog);
            Assert.Equal(ArchiveHost.Numbers(1, all.Count), all.Select(entry => entry.Seq));
            var acknowledgedHere = cursors.ToHashSet();
            Assert.Equal(cursors, all.Select(entry => entry.Cursor).Where(acknowledgedHere.Contains));
        }
    }

    [Fact]
    public async Task All_that_are_idle_are_found_once_and_by_pages()
    {
        var host = await StartArchiveAsync(RedisKind.Redis, ArchiveStore.Redis, _time);
        await host.SaveSiteAsync();
        var dialogs = new List<StreamKey>();

        // More than a page of one moment, and some before and after.
        for (var i = 0; i < 260; i++)
        {
            _time.Advance(i is > 20 and < 240 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(1));
            dialogs.Add(await host.OpenDialogAsync(1));
        }

        var young = dialogs[^1];
        _time.Advance(_idle);
        await host.SendAsync(young, 1, 1);
        await host.RestAsync();
        Assert.Equal([young], await InRedisAsync());

        // What comes back is found again, and nothing else is looked at.
        await host.SendAsync(dialogs[5], 1, 1);
        _time.Advance(_idle);
        var looked = 0;
        await using var counting = await ConnectArchiveAsync(ArchiveStore.Redis, _time, services => new HookedArchive(services)
        {
            BeforeStore = () =>
            {
                looked++;
                return Task.CompletedTask;
            },
        });
        await counting.RestAsync();
        Assert.Equal((0, 2), ((await InRedisAsync()).Count, looked));

        async Task<List<StreamKey>> InRedisAsync()
        {
            var keys = await host.Messaging.ListKeysAsync();
            return [.. dialogs.Where(dialog => keys.Contains(ArchiveHost.LogKey(dialog)))];
        }
    }

    /// <summary>Once, whether the server, which is being killed, answers or not.</summary>
    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is MessagingUnavailableException or RedisException or RedisTimeoutException)
        {
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var limit = TestTimeout.Token();
        while (!isSo())
        {
            await Task.Delay(5, limit);
        }
    }

    /// <summary>One of which all is known that can be: a visitor with a page, an operator who holds it, marks of both.</summary>
    private static async Task<StreamKey> OpenRichDialogAsync(ArchiveHost host, int messages = 30)
    {
        var messaging = host.Messaging;
        var dialog = await messaging.OpenDialogAsync();
        var owner = (await FindAsync(host, dialog)).Owner;
        await messaging.Dialogs.NoteVisitorAsync(
            dialog,
            owner,
            new VisitorNote
            {
                Name = "Zoë",
                Email = "zoe@shop.example",
                Locale = "de-DE",
                Page = new VisitorPage("https://shop.example/catalogue/shirts?colour=blue&size=42", "Blue shirts, size 42"),
                UserAgent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            },
            TestTimeout.Token());
        await host.SendAsync(dialog, 0, messages - 4);
        await messaging.AppendAsync(dialog, HandoffStep.Request, MessagingHost.Key("ann", "r"), Sender.User);
        await messaging.AppendAsync(dialog, HandoffStep.Takeover, MessagingHost.Key("anna", "t"), Sender.Manager, "anna", "Anna Schmidt");
        await messaging.Log.MarkReadAsync(dialog, "guest:ann", Sender.User, 4, TestTimeout.Token());
        await messaging.Log.MarkReadAsync(dialog, "operator:anna", Sender.Manager, messages - 1, TestTimeout.Token());
        await messaging.SendAsync(dialog, "last", "Is the blue one there in my size, and until when would you keep it for me?");
        return dialog;
    }

    private static async Task<Dialog> FindAsync(ArchiveHost host, StreamKey dialog) =>
        await host.Messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()) ?? throw new InvalidOperationException($"{dialog} is not there");

    /// <summary>What a dialog takes in Redis: all of its keys, and its archive's among them.</summary>
    private static async Task<(long Live, long Archive)> MeasureAsync(ArchiveHost host, StreamKey dialog)
    {
        var (live, archive) = (0L, 0L);
        foreach (var key in (await host.Messaging.ListKeysAsync()).Where(key => key.StartsWith(ArchiveHost.DialogName(dialog), StringComparison.Ordinal)))
        {
            var bytes = (long)await host.Messaging.Database.ExecuteAsync("MEMORY", "USAGE", key, "SAMPLES", 0);
            (live, archive) = key.Contains(":archive", StringComparison.Ordinal) ? (live, archive + bytes) : (live + bytes, archive);
        }

        return (live, archive);
    }

    private static async Task DieAsync(Func<Task> work, CutConnection.CutPoint point)
    {
        try
        {
            await work();
            Assert.False(point.WasReached);
        }
        catch (MessagingUnavailableException) when (point.WasReached)
        {
            // As it is meant.
        }
    }
}
