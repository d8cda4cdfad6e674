using System.Text;
using System.Text.Json;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Dialogs;

/// <summary>What an append promises, on both servers.</summary>
public class AppendTests : MessagingTest
{
    [Theory, MemberData(nameof(Servers))]
    public async Task An_event_carries_its_number_cursor_and_text_unchanged(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        const string text = "Привет, שלום, e\u0301 👩‍👩‍👧 <script>alert(\"1\")</script> \\ \u0000 \u202e";

        var result = await messaging.SendAsync(dialog, "c1", text);

        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        using var json = JsonDocument.Parse(result.Entry.Payload);
        var root = json.RootElement;
        Assert.Equal("message", root.GetProperty("type").GetString());
        Assert.Equal(dialog.DialogId, root.GetProperty("dialog_id").GetInt64());
        Assert.Equal(2, root.GetProperty("id").GetInt64());
        Assert.Equal(2, root.GetProperty("seq").GetInt64());
        Assert.Equal(result.Entry.Cursor.ToString(), root.GetProperty("cursor").GetString());
        Assert.Equal("user", root.GetProperty("sender").GetString());
        Assert.Equal(text, root.GetProperty("text").GetString());
        Assert.Equal("c1", root.GetProperty("client_id").GetString());
        var stored = (await messaging.ReadAllAsync(dialog))[1];
        Assert.Equal(Encoding.UTF8.GetString(result.Entry.Payload.Span), Encoding.UTF8.GetString(stored.Payload.Span));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_retry_gets_the_first_answer_and_another_text_a_conflict(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();

        var first = await messaging.SendAsync(dialog, "c1", "hello");
        var retry = await messaging.SendAsync(dialog, "c1", "hello");
        var other = await messaging.SendAsync(dialog, "c1", "goodbye");
        var stranger = await messaging.SendAsync(dialog, "c1", "hello", guest: "bob");

        Assert.Equal(AppendOutcome.Duplicate, retry.Outcome);
        Assert.Equal(first.Entry.Cursor, retry.Entry.Cursor);
        Assert.Equal(AppendOutcome.KeyConflict, other.Outcome);
        Assert.Equal(AppendOutcome.Appended, stranger.Outcome);
        Assert.Equal(3, (await messaging.ReadAllAsync(dialog)).Count);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Nothing_is_appended_to_a_dialog_that_is_not_there(RedisKind kind)
    {
        var messaging = await StartAsync(kind);

        var result = await messaging.SendAsync(StreamKey.ForDialog("acme", 42), "c1", "hello");

        Assert.Equal(AppendOutcome.DialogNotFound, result.Outcome);
        Assert.Equal(Cursor.Start, await messaging.Log.GetHeadAsync(StreamKey.ForDialog("acme", 42), TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Nothing_is_appended_to_a_dialog_that_is_not_the_owner_s(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var key = await messaging.OpenDialogAsync();
        var owner = (await messaging.Dialogs.FindAsync(key, TestTimeout.Token()))!.Owner;

        foreach (var other in new[]
        {
            owner with { GuestId = "somebody-else" },
            owner with { GuestId = "" },
            owner with { SiteId = "another" },
            owner with { Mode = DialogMode.Site },
        })
        {
            var sent = await messaging.Log.AppendMessageAsync(
                key, other, new NewMessage(MessagingHost.Key("ann", "c1"), Sender.User, "hello"), TestTimeout.Token());

            Assert.Equal(AppendOutcome.DialogNotFound, sent.Outcome);
        }

        Assert.Single(await messaging.ReadAllAsync(key));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_server_that_has_forgotten_the_script_is_told_it_anew(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");

        await messaging.Database.ExecuteAsync("SCRIPT", "FLUSH");
        var next = await messaging.SendAsync(dialog, "c2", "hello again");

        Assert.Equal(AppendOutcome.Appended, next.Outcome);
        Assert.Equal([1L, 2L, 3L], (await messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_key_whose_entry_was_torn_off_does_not_swallow_the_send(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "hello");

        // What a crash between the key's write and the entry's leaves.
        await messaging.Database.ListRightPopAsync(RedisKeys.Log(dialog));
        var retry = await messaging.SendAsync(dialog, "c1", "hello");

        Assert.Equal(AppendOutcome.Appended, retry.Outcome);
        Assert.Equal([1L, 2L], (await messaging.ReadAllAsync(dialog)).Select(entry => entry.Seq));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Eight_clients_racing_on_one_dialog_leave_one_gapless_order_that_the_wire_shares(RedisKind kind)
    {
        const int clients = 8;
        const int each = 60;
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        List<long> heard = [];
        var all = new TaskCompletionSource();
        var channel = messaging.ChannelOf(dialog);
        (await messaging.Database.Multiplexer.GetSubscriber().SubscribeAsync(channel)).OnMessage(message =>
        {
            Assert.True(LogEntry.TryParse(message.Message, out var entry));
            heard.Add(entry.Seq);
            if (heard.Count == clients * each)
            {
                all.SetResult();
            }
        });
        var hosts = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => MessagingHost.ConnectAsync(ConnectionString)));

        await Task.WhenAll(hosts.Select((host, client) => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                // Every send twice at once, as a client does whose answer is late.
                var sends = await Task.WhenAll(
                    host.SendAsync(dialog, $"{client}-{i}", $"text {i}"), host.SendAsync(dialog, $"{client}-{i}", $"text {i}"));
                Assert.Single(sends, send => send.Outcome == AppendOutcome.Appended);
                Assert.Single(sends, send => send.Outcome == AppendOutcome.Duplicate);
            }
        })));
        await all.Task.Within($"{clients * each} events from the backplane, {heard.Count} came");

        var log = await messaging.ReadAllAsync(dialog);
        Assert.Equal(Enumerable.Range(1, (clients * each) + 1).Select(seq => (long)seq), log.Select(entry => entry.Seq));
        Assert.Equal(Enumerable.Range(2, clients * each).Select(seq => (long)seq), heard);
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Theory, MemberData(nameof(SingleServers))]
    public async Task Every_acknowledged_append_survives_kills_exactly_once(RedisKind kind)
    {
        const int writers = 6;
        var random = Seed.Random();
        var messaging = await StartAsync(kind);
        var dialogs = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => messaging.OpenDialogAsync()));
        var acknowledged = new int[writers];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestTimeout.Token());

        var writing = Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            // The same key until it is answered, and not to be left before that: an unanswered append may have happened.
            for (var answered = true; !stop.IsCancellationRequested || !answered;)
            {
                answered = false;
                try
                {
                    var result = await messaging.SendAsync(dialogs[writer], $"m{acknowledged[writer]}", $"text {acknowledged[writer]}");
                    Assert.True(result.IsInLog);
                    Interlocked.Increment(ref acknowledged[writer]);
                    answered = true;
                }
                catch (MessagingUnavailableException)
                {
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        })).ToArray();

        for (var round = 0; round < 3; round++)
        {
            var enough = acknowledged.Sum() + random.Next(150, 500);
            while (acknowledged.Sum() < enough)
            {
                await Task.Delay(5, stop.Token);
            }

            await Server.KillAsync();
            await Server.RestartAsync();
        }

        var last = acknowledged.Sum() + 50;
        while (acknowledged.Sum() < last)
        {
            await Task.Delay(5, stop.Token);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writing).Within("writers to end");

        for (var writer = 0; writer < writers; writer++)
        {
            var keys = (await messaging.ReadAllAsync(dialogs[writer])).Skip(1).Select(entry => entry.Key).ToList();
            var expected = Enumerable.Range(0, acknowledged[writer]).Select(i => $"g.ann:m{i}");
            Assert.Equal(expected, keys);
        }
    }
}
