using System.Collections.Concurrent;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Archive;

/// <summary>Archiving under way: every event can be read in order exactly once at every moment, on every archive.</summary>
public class LiveTests : MessagingTest
{
    [Theory, MemberData(nameof(Archives))]
    public async Task Readers_never_see_a_gap_or_a_repeat_while_the_log_is_archived_under_them(RedisKind kind, ArchiveStore store)
    {
        const int writers = 4;
        const int each = 400;
        const int total = (writers * each) + 1;
        var random = Seed.Random();
        var host = await StartArchiveAsync(kind, store);
        await using var second = await ConnectArchiveAsync(store);
        var dialog = await host.Messaging.OpenDialogAsync();
        var known = new ConcurrentDictionary<long, Cursor>();
        await host.Messaging.StartAsync();
        await second.Messaging.StartAsync();

        var writing = Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var messaging = (writer % 2 == 0 ? host : second).Messaging;
            for (var i = 0; i < each; i++)
            {
                var result = await messaging.SendAsync(dialog, $"{writer}-{i}", $"text {i}");
                known[result.Entry.Seq] = result.Entry.Cursor;
            }
        })).ToArray();
        var done = Task.WhenAll(writing);
        var rounds = 0;

        void Consecutive(LogPage page, long first)
        {
            Assert.Equal(1, page.First);
            Assert.Equal(ArchiveHost.Numbers(first, first + page.Entries.Count - 1), page.Entries.Select(entry => entry.Seq));
            foreach (var entry in page.Entries)
            {
                Assert.Equal(entry.Cursor, known.GetOrAdd(entry.Seq, entry.Cursor));
            }
        }

        var readers = Enumerable.Range(0, 3).Select(_ => new Random(random.Next())).Select(mine => Task.Run(async () =>
        {
            do
            {
                // All of it from the start, in pages of changing length.
                var at = Cursor.Start;
                LogPage page;
                do
                {
                    page = await host.AfterAsync(dialog, at, mine.Next(1, 40));
                    Assert.True(page.Held);
                    Consecutive(page, at.Seq + 1);
                    at = page.Entries is [.., var last] ? last.Cursor : at;
                }
                while (page.HasMore);

                // From somewhere, by number and from the end.
                var from = mine.NextInt64(1, page.Head.Seq + 1);
                Consecutive(await host.FromAsync(dialog, from, mine.Next(1, 60)), from);
                var tail = await host.TailAsync(dialog, mine.Next(1, 60));
                Consecutive(tail, tail.Entries[0].Seq);
                Assert.Equal(tail.Head, tail.Entries[^1].Cursor);
                Interlocked.Increment(ref rounds);
            }
            while (!done.IsCompleted);
        })).ToArray();

        await done.Within("all appends", TimeSpan.FromMinutes(3));
        await Task.WhenAll(readers).Within("readers to end", TimeSpan.FromMinutes(2));
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds of reading");

        var all = await host.Messaging.ReadAllAsync(dialog);
        Assert.Equal(ArchiveHost.Numbers(1, total), all.Select(entry => entry.Seq));
        Assert.Equal(total - 1, all.Select(entry => entry.Key).Where(key => key != "-").Distinct().Count());
        Assert.DoesNotContain(host.Logged.All.Concat(second.Logged.All), line => line.Text.Contains("ReplyX.Messaging.Archive", StringComparison.Ordinal) && line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);

        await IsShortAsync(host, dialog);
        Assert.Equal(all.Select(entry => entry.Cursor), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Cursor));
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task The_appends_themselves_have_the_dialog_archived(RedisKind kind, ArchiveStore store)
    {
        var host = await StartArchiveAsync(kind, store);
        await host.Messaging.StartAsync();
        var dialog = await host.OpenDialogAsync(199);

        await IsShortAsync(host, dialog);
        Assert.Equal(ArchiveHost.Numbers(1, 200), (await host.Messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(SingleArchives))]
    public async Task Nothing_acknowledged_is_lost_when_the_server_is_killed_while_logs_are_archived(RedisKind kind, ArchiveStore store)
    {
        const int writers = 4;
        var random = Seed.Random();
        var host = await StartArchiveAsync(kind, store, settings: [("WindowEvents", "12"), ("SegmentEvents", "6")]);
        var dialogs = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => host.Messaging.OpenDialogAsync()));
        var acknowledged = new List<Cursor>[writers];
        await host.Messaging.StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Token(TimeSpan.FromMinutes(3)));

        var writing = Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            acknowledged[writer] = [];
            while (!stop.IsCancellationRequested)
            {
                await Unanswered.RetryAsync(async () =>
                {
                    // One sender's retry comes within the window of 12, so its key is still there.
                    var at = acknowledged[writer].Count;
                    var result = await host.Messaging.SendAsync(dialogs[writer], $"m{at}", $"text {at}");
                    Assert.True(result.IsInLog);
                    acknowledged[writer].Add(result.Entry.Cursor);
                });
            }
        })).ToArray();

        // Beside the hints' archiver another one, so that some archiving is under way whenever the server dies.
        var archiving = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var dialog in dialogs)
                {
                    await Unanswered.RetryAsync(() => host.ArchiveAsync(dialog));
                }
            }
        });

        int Acknowledged() => acknowledged.Sum(cursors => cursors?.Count ?? 0);
        for (var kill = 0; kill < 5; kill++)
        {
            var enough = Acknowledged() + random.Next(60, 250);
            while (Acknowledged() < enough)
            {
                await Task.Delay(random.Next(1, 8), stop.Token);
            }

            await Server.KillAsync();
            await Server.RestartAsync();
        }

        var last = Acknowledged() + 60;
        while (Acknowledged() < last)
        {
            await Task.Delay(5, stop.Token);
        }

        await stop.CancelAsync();
        await Task.WhenAll([.. writing, archiving]).Within("writers and archiver to end");

        // The server's connection may still be coming back.
        await Unanswered.RetryAsync(() => host.ArchiveAsync(dialogs[0]));
        for (var writer = 0; writer < writers; writer++)
        {
            // An archiver that finds another one at it leaves the rest to that one.
            var dialog = dialogs[writer];
            while ((await host.InLogAsync(dialog)).Length > 17)
            {
                await host.ArchiveAsync(dialog);
            }

            var all = await host.Messaging.ReadAllAsync(dialogs[writer]);
            Assert.Equal(acknowledged[writer], all.Skip(1).Select(entry => entry.Cursor));
            Assert.Equal(Enumerable.Range(0, acknowledged[writer].Count).Select(i => $"g.ann:m{i}"), all.Skip(1).Select(entry => entry.Key));

            // The log was trimmed, and no key is left that no entry leads to.
            var inLog = await host.InLogAsync(dialogs[writer]);
            Assert.InRange(inLog.Length, 12, 17);
            Assert.Equal(
                all.TakeLast(inLog.Length).Select(entry => entry.Key).Order(StringComparer.Ordinal),
                (await KeysAsync(host, dialogs[writer])).Order(StringComparer.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Archives))]
    public async Task A_random_life_of_a_dialog_agrees_with_a_simple_model(RedisKind kind, ArchiveStore store)
    {
        var random = Seed.Random();
        await StartServerAsync(kind);
        ArchiveHost[] hosts =
        [
            await ConnectArchiveAsync(store, settings: [("WindowEvents", "7"), ("SegmentEvents", "5")]),
            await ConnectArchiveAsync(store, settings: [("WindowEvents", "1"), ("SegmentEvents", "3"), ("SegmentBytes", "1024")]),
        ];
        var dialog = await hosts[0].Messaging.OpenDialogAsync();
        var model = await hosts[0].Messaging.ReadAllAsync(dialog);
        for (var step = 0; step < 400; step++)
        {
            var host = hosts[random.Next(hosts.Length)];
            switch (random.Next(10))
            {
                case 0:
                    await host.ArchiveAsync(dialog);
                    break;

                case <= 4:
                    for (var burst = random.Next(1, 8); burst > 0; burst--)
                    {
                        var text = new string('x', random.Next(20) == 0 ? 1_500 : random.Next(1, 80));
                        model.Add((await host.Messaging.SendAsync(dialog, $"c{model.Count}", text)).Entry);
                    }

                    break;

                case <= 6:
                    var at = random.Next(0, model.Count + 1);
                    var wrong = random.Next(4) == 0 && at > 0;
                    var cursor = at == 0 ? Cursor.Start : model[at - 1].Cursor;
                    var most = random.Next(1, 30);
                    var after = await host.AfterAsync(dialog, wrong ? cursor with { Nonce = cursor.Nonce + 1 } : cursor, most);
                    Assert.Equal(!wrong, after.Held);
                    Assert.Equal(wrong ? [] : model.Skip(at).Take(most).Select(entry => entry.Cursor), after.Entries.Select(entry => entry.Cursor));
                    break;

                case 7:
                    var from = random.Next(-2, model.Count + 3);
                    var count = random.Next(1, 30);
                    Assert.Equal(
                        model.Where(entry => entry.Seq >= from && entry.Seq < from + count).Select(entry => entry.Cursor),
                        (await host.FromAsync(dialog, from, count)).Entries.Select(entry => entry.Cursor));
                    break;

                default:
                    var tail = random.Next(0, model.Count + 5);
                    Assert.Equal(
                        model.TakeLast(tail).Select(entry => entry.Cursor),
                        (await host.TailAsync(dialog, tail)).Entries.Select(entry => entry.Cursor));
                    break;
            }
        }

        Assert.Equal(model.Select(entry => entry.Raw.ToArray()), (await hosts[0].Messaging.ReadAllAsync(dialog)).Select(entry => entry.Raw.ToArray()));
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    // The last hint comes within a fourth of a segment of the last append.
    private static async Task IsShortAsync(ArchiveHost host, StreamKey dialog)
    {
        var limit = TestTimeout.Token();
        while ((await host.InLogAsync(dialog)).Length > ArchiveHost.Window + ArchiveHost.Segment + (ArchiveHost.Segment / 4))
        {
            await Task.Delay(20, limit);
        }
    }

    // Those of all buckets; where a version before is served, in its hash, too.
    private static async Task<HashSet<string>> KeysAsync(ArchiveHost host, StreamKey dialog)
    {
        HashSet<string> keys = [];
        foreach (var bucket in await host.Messaging.FindKeysAsync($"{ArchiveHost.DialogName(dialog)}:keys*"))
        {
            keys.UnionWith((await host.Messaging.Database.HashKeysAsync(bucket)).Select(key => (string)key!));
        }

        return keys;
    }

    private static class Unanswered
    {
        /// <summary>Again until the server, which is being killed, answers.</summary>
        public static async Task RetryAsync(Func<Task> action)
        {
            while (true)
            {
                try
                {
                    await action();
                    return;
                }
                catch (MessagingUnavailableException)
                {
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        }
    }
}
