using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Projection;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Projection;

/// <summary>What accounts are told of their spread dialogs: every event once and in its dialog's order, whoever tells it and how often.</summary>
public sealed class ProjectionTests : MessagingTest
{
    private static readonly StreamKey _feed = StreamKey.ForFeed("acme");

    private protected override bool IsSpread => true;

    [Theory, MemberData(nameof(Servers))]
    public async Task Processes_that_tell_the_same_at_once_tell_it_once_and_in_order(RedisKind kind)
    {
        const int Dialogs = 12;
        const int Each = 40;
        var first = await StartAsync(kind);
        var second = Keep(await MessagingHost.ConnectAsync(ConnectionString, isSpread: true));
        await Task.WhenAll(WorkAsync(first), WorkAsync(second));
        var dialogs = await Task.WhenAll(Enumerable.Range(0, Dialogs).Select(_ => first.OpenDialogAsync()));
        var owners = await Task.WhenAll(dialogs.Select(async dialog => (await first.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Owner));

        await Parallel.ForAsync(0, Dialogs, async (i, _) =>
        {
            for (var n = 0; n < Each; n++)
            {
                // Both processes have something of every partition, and tell all that they find there.
                var host = n % 2 == 0 ? first : second;
                var sent = await host.Log.AppendMessageAsync(
                    dialogs[i], owners[i], new NewMessage(MessagingHost.Key("ann", $"m{n}"), Sender.User, $"{n}"), TestTimeout.Token());
                Assert.Equal(AppendOutcome.Appended, sent.Outcome);
            }
        });

        await UntilToldAsync(first);
        await AssertToldAsync(first, dialogs.ToDictionary(dialog => dialog, _ => Enumerable.Range(2, Each).Select(seq => (long)seq).ToList()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_is_told_by_whoever_appended_says_what_is_new_and_what_the_team_has_not_read(RedisKind kind)
    {
        var host = await StartAsync(kind);
        await WorkAsync(host);
        var dialog = await host.OpenDialogAsync();
        await AppendAsync(host, dialog, "one");
        await UntilToldAsync(host);
        await host.Log.MarkReadAsync(dialog, "operator:anna", Sender.Manager, 2, TestTimeout.Token());
        await AppendAsync(host, dialog, "two");
        await AppendAsync(host, dialog, "three");
        await UntilToldAsync(host);

        Assert.Equal(
            [("dialog_new", 2), ("dialog_update", 1), ("dialog_update", 2)],
            (await host.ReadAllAsync(_feed)).Select(entry => (Json(entry).GetProperty("type").GetString()!, Json(entry).GetProperty("unread").GetInt32())));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_a_process_left_untold_another_one_finds(RedisKind kind)
    {
        var host = await StartAsync(kind);
        var dialog = await host.OpenDialogAsync();
        await AppendAsync(host, dialog, "one");
        Assert.Empty(await host.ReadAllAsync(_feed));

        var other = Keep(await MessagingHost.ConnectAsync(ConnectionString, isSpread: true));
        await WorkAsync(other);
        await other.Services.GetServices<IHostedService>().OfType<ProjectionSweeper>().Single().StartAsync(TestTimeout.Token());

        await UntilToldAsync(host);
        await AssertToldAsync(host, new() { [dialog] = [2] });
        Assert.Single((await host.Dialogs.SearchAsync("acme", DialogFilter.All, 0, 10, TestTimeout.Token())).Items);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_lies_in_an_outbox_once_more_is_not_told_again(RedisKind kind)
    {
        var host = await StartAsync(kind);
        var dialog = await host.OpenDialogAsync();
        await AppendAsync(host, dialog, "one");
        await AppendAsync(host, dialog, "two");
        await AppendAsync(host, dialog, "three");
        var notes = await host.Database.ListRangeAsync(RedisKeys.Outbox(dialog.Partition));
        Assert.Equal(3, notes.Length);
        await host.ProjectAsync(dialog);

        // As a crash behind the feed leaves it, or a replica that had not heard of the end.
        foreach (var some in new[] { notes, notes[..1], notes[1..2], notes[2..] })
        {
            await host.Database.ListRightPushAsync(RedisKeys.Outbox(dialog.Partition), some);
            await host.ProjectAsync(dialog);
        }

        await AssertToldAsync(host, new() { [dialog] = [2, 3, 4] });
        Assert.Equal(0, await host.Database.ListLengthAsync(RedisKeys.Outbox(dialog.Partition)));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task After_a_log_was_rolled_back_what_took_the_place_of_the_lost_is_told_and_what_survived_is_not_told_twice(RedisKind kind)
    {
        var host = await StartAsync(kind);
        var dialog = await host.OpenDialogAsync();
        await AppendAsync(host, dialog, "one");
        await AppendAsync(host, dialog, "two");
        var notes = await host.Database.ListRangeAsync(RedisKeys.Outbox(dialog.Partition));
        await AppendAsync(host, dialog, "lost");
        await AppendAsync(host, dialog, "lost-too");
        await host.ProjectAsync(dialog);

        // A failover: the log has lost its end, and the outbox has its old notes.
        await host.Database.ListTrimAsync(RedisKeys.Log(dialog), 0, 2);
        await host.Database.ListRightPushAsync(RedisKeys.Outbox(dialog.Partition), notes);
        await AppendAsync(host, dialog, "three");
        await host.ProjectAsync(dialog);

        var told = (await host.ReadAllAsync(_feed)).Select(entry => Json(entry)).ToList();
        Assert.Equal([2L, 3L, 4L, 5L, 4L], told.Select(json => json.GetProperty("last_seq").GetInt64()));
        Assert.Equal(["one", "two", "lost", "lost-too", "three"], told.Select(json => json.GetProperty("preview").GetString()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_an_account_has_lost_of_its_feed_is_told_again_before_the_dialogs_next_event(RedisKind kind)
    {
        var host = await StartAsync(kind);
        var dialog = await host.OpenDialogAsync();
        foreach (var text in new[] { "one", "two", "three" })
        {
            await AppendAsync(host, dialog, text);
        }

        await host.ProjectAsync(dialog);
        var first = (await host.ReadAllAsync(_feed))[0];

        // As a failover of the account's master alone: feed and marks are behind, and nobody has notes any more.
        await host.Database.ListTrimAsync(RedisKeys.Feed("acme"), 0, 0);
        await host.Database.HashSetAsync(RedisKeys.Projected("acme"), dialog.DialogId, $"{2} {first.Cursor.NonceText}");
        await WorkAsync(host);
        await AppendAsync(host, dialog, "four");
        await UntilToldAsync(host);

        await AssertToldAsync(host, new() { [dialog] = [2, 3, 4, 5] });
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task What_is_no_note_holds_up_nothing(RedisKind kind)
    {
        var host = await StartAsync(kind);
        var dialog = await host.OpenDialogAsync();
        await host.Database.ListRightPushAsync(RedisKeys.Outbox(dialog.Partition), "no note");
        await AppendAsync(host, dialog, "one");
        await host.ProjectAsync(dialog);

        await AssertToldAsync(host, new() { [dialog] = [2] });
        Assert.Equal(0, await host.Database.ListLengthAsync(RedisKeys.Outbox(dialog.Partition)));
    }

    [Theory, MemberData(nameof(SingleServers))]
    public async Task Everything_acknowledged_is_told_once_though_the_server_is_killed_amid_it(RedisKind kind)
    {
        const int Writers = 6;
        const int Kills = 3;
        var random = Seed.Random();
        var host = await StartAsync(kind);
        await WorkAsync(host);
        await host.Services.GetServices<IHostedService>().OfType<ProjectionSweeper>().Single().StartAsync(TestTimeout.Token());
        var dialogs = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => host.OpenDialogAsync()));
        var owners = await Task.WhenAll(dialogs.Select(async dialog => (await host.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Owner));
        var acknowledged = new List<long>[Writers];
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Token());

        var writing = Enumerable.Range(0, Writers).Select(async i =>
        {
            acknowledged[i] = [];
            for (var n = 0; !over.IsCancellationRequested; n++)
            {
                // As clients do: the same key until it is answered.
                while (true)
                {
                    try
                    {
                        var sent = await host.Log.AppendMessageAsync(
                            dialogs[i], owners[i], new NewMessage(MessagingHost.Key("ann", $"m{n}"), Sender.User, $"{n}"), TestTimeout.Token());
                        acknowledged[i].Add(sent.Entry.Seq);
                        break;
                    }
                    catch (MessagingUnavailableException)
                    {
                        await Task.Delay(20, TestTimeout.Token());
                    }
                }
            }
        }).ToList();

        for (var kill = 0; kill < Kills; kill++)
        {
            var before = acknowledged.Sum(one => one?.Count ?? 0);
            var wanted = before + random.Next(50, 400);
            while (acknowledged.Sum(one => one?.Count ?? 0) < wanted)
            {
                await Task.Delay(5, TestTimeout.Token());
            }

            await Server.KillAsync();
            await Server.RestartAsync();
        }

        await over.CancelAsync();
        await Task.WhenAll(writing);
        await UntilToldAsync(host);
        await AssertToldAsync(host, dialogs.Zip(acknowledged).ToDictionary(one => one.First, one => one.Second));
    }

    [Fact]
    public async Task A_server_that_comes_back_without_its_files_end_has_each_event_that_is_left_told_once()
    {
        const int Dialogs = 6;
        var random = Seed.Random();
        var host = await StartAsync(RedisKind.Redis);
        await WorkAsync(host);
        await host.Services.GetServices<IHostedService>().OfType<ProjectionSweeper>().Single().StartAsync(TestTimeout.Token());
        var dialogs = await Task.WhenAll(Enumerable.Range(0, Dialogs).Select(_ => host.OpenDialogAsync()));
        await WriteAsync("kept");
        var file = Directory.EnumerateFiles(Server.DataDirectory, "*.incr.aof", SearchOption.AllDirectories).Single();
        var kept = new FileInfo(file).Length;
        await WriteAsync("lost");
        await Server.KillAsync();
        await using (var opened = File.Open(file, FileMode.Open))
        {
            // Amid what was written of the second round, be it an append, what was told of it, or the end of a note.
            opened.SetLength(random.NextInt64(kept, opened.Length));
        }

        await Server.RestartAsync();
        await UntilAnsweredAsync(host);
        await WriteAsync("after");
        await UntilToldAsync(host);

        var expected = new Dictionary<StreamKey, List<long>>();
        foreach (var dialog in dialogs)
        {
            var log = (await host.ReadAllAsync(dialog)).Where(entry => entry.Seq > 1).ToList();
            Assert.EndsWith("after-9\"", Json(log[^1]).GetProperty("text").GetRawText(), StringComparison.Ordinal);
            expected[dialog] = [.. log.Select(entry => entry.Seq)];
            var told = (await host.ReadAllAsync(_feed)).Where(entry => Json(entry).GetProperty("dialog_id").GetInt64() == dialog.DialogId);
            Assert.Equal(log.Select(entry => entry.Cursor.NonceText), told.Select(entry => entry.Cursor.NonceText));
        }

        await AssertToldAsync(host, expected);

        Task WriteAsync(string what) => Parallel.ForEachAsync(dialogs, async (dialog, _) =>
        {
            for (var i = 0; i < 10; i++)
            {
                await AppendAsync(host, dialog, $"{what}-{i}");
            }
        });
    }

    private static async Task UntilAnsweredAsync(MessagingHost host)
    {
        while (true)
        {
            try
            {
                await host.Database.PingAsync();
                return;
            }
            catch (StackExchange.Redis.RedisException)
            {
                await Task.Delay(20, TestTimeout.Token());
            }
        }
    }

    private static Task WorkAsync(MessagingHost host) =>
        host.Services.GetServices<IHostedService>().OfType<ProjectionWorker>().Single().StartAsync(TestTimeout.Token());

    // Without the projection that the host of other tests does after each append.
    private static async Task AppendAsync(MessagingHost host, StreamKey dialog, string text)
    {
        var owner = (await host.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Owner;
        await host.Log.AppendMessageAsync(dialog, owner, new NewMessage(MessagingHost.Key("ann", text), Sender.User, text), TestTimeout.Token());
    }

    private static async Task UntilToldAsync(MessagingHost host)
    {
        var limit = TestTimeout.Token();
        for (var partition = 0; partition < StreamKey.Partitions; partition++)
        {
            while (true)
            {
                try
                {
                    if (await host.Database.ListLengthAsync(RedisKeys.Outbox(partition)) == 0)
                    {
                        break;
                    }
                }
                catch (StackExchange.Redis.RedisConnectionException)
                {
                    // It has just come up again.
                }

                await Task.Delay(10, limit);
            }
        }
    }

    private static async Task AssertToldAsync(MessagingHost host, Dictionary<StreamKey, List<long>> expected)
    {
        var feed = await host.ReadAllAsync(_feed);
        Assert.Equal(Enumerable.Range(1, feed.Count).Select(seq => (long)seq), feed.Select(entry => entry.Seq));
        var told = feed.Select(Json).GroupBy(json => json.GetProperty("dialog_id").GetInt64()).ToDictionary(dialog => dialog.Key, dialog => dialog.ToList());
        foreach (var (dialog, seqs) in expected)
        {
            Assert.Equal(seqs, told[dialog.DialogId].Select(json => json.GetProperty("last_seq").GetInt64()));
            Assert.Equal("dialog_new", told[dialog.DialogId][0].GetProperty("type").GetString());
            Assert.All(told[dialog.DialogId].Skip(1), json => Assert.Equal("dialog_update", json.GetProperty("type").GetString()));
        }

        Assert.Equal(expected.Count, told.Count);
    }

    private static JsonElement Json(LogEntry entry) => JsonDocument.Parse(entry.Payload).RootElement;
}
