using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Redis;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Dialogs;

/// <summary>What an account's lists show of its dialogs: how much is unread, who waits, and who the visitor is.</summary>
public class TeamViewTests : MessagingTest
{
    [Theory, MemberData(nameof(Servers))]
    public async Task What_follows_the_team_s_mark_is_unread(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "one");
        await messaging.SendAsync(dialog, "c2", "two");
        Assert.Equal(3, (await FindAsync(messaging, dialog)).Unread);

        Assert.True(await ReadAsync(messaging, dialog, "anna", 2));
        Assert.True(await ReadAsync(messaging, dialog, "boris", 1));
        Assert.Equal(new ReadMarks(0, 2, 0), (await FindAsync(messaging, dialog)).Read);
        Assert.Equal(1, (await FindAsync(messaging, dialog)).Unread);

        // What an operator says they have read; what the assistant says they have not.
        await SayAsync(messaging, dialog, Sender.Manager, "three");
        Assert.Equal(0, (await FindAsync(messaging, dialog)).Unread);
        await SayAsync(messaging, dialog, Sender.Assistant, "four");
        Assert.Equal(1, (await FindAsync(messaging, dialog)).Unread);

        Assert.False(await ReadAsync(messaging, dialog, "anna", 99));
        Assert.True(await ReadAsync(messaging, dialog, "anna", 5));
        Assert.Equal(0, (await FindAsync(messaging, dialog)).Unread);
        Assert.True(await messaging.Log.MarkReadAsync(dialog, "g.ann", Sender.User, 4, TestTimeout.Token()));
        Assert.Equal(new ReadMarks(4, 5, 0), await messaging.Log.GetReadMarksAsync(dialog, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_mark_of_many_at_once_is_the_highest(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        for (var i = 1; i <= 40; i++)
        {
            await messaging.SendAsync(dialog, $"c{i}", "hello");
        }

        await Parallel.ForAsync(0, 8, async (person, _) =>
        {
            foreach (var seq in Enumerable.Range(1, 41).Where(seq => seq % 8 == person).Concat([41 - person]))
            {
                Assert.True(await ReadAsync(messaging, dialog, $"p{person}", seq));
            }
        });

        Assert.Equal(41, (await FindAsync(messaging, dialog)).Read.Manager);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_mark_that_was_torn_is_completed_by_the_next_try(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "c1", "one");
        var heard = await HearAsync(messaging, StreamKey.ForFeed("acme"));

        // What a crash right after the side's mark leaves.
        await messaging.Database.HashSetAsync(RedisKeys.Dialog(dialog), "read_manager", 2);
        Assert.True(await ReadAsync(messaging, dialog, "anna", 2));

        var told = await heard.NextAsync("dialog_read");
        Assert.Equal((2, 0), (told.GetProperty("last_read").GetInt32(), told.GetProperty("unread").GetInt32()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_mark_leaves_nothing_where_there_is_no_dialog(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.Database.KeyDeleteAsync(RedisKeys.Dialog(dialog));

        Assert.False(await ReadAsync(messaging, dialog, "anna", 1));
        Assert.False(await messaging.Dialogs.NoteVisitorAsync(
            dialog, new DialogOwner("ann", "shop", DialogMode.Widget), new VisitorNote { Name = "Ann" }, TestTimeout.Token()));
        Assert.False(await messaging.Database.KeyExistsAsync(RedisKeys.Dialog(dialog)));
        Assert.False(await messaging.Database.KeyExistsAsync(RedisKeys.ReadMarks(dialog)));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_visitor_waits_from_the_request_and_from_the_first_message_that_a_holder_left_unanswered(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAssistantAsync(messaging);
        var dialog = await messaging.OpenDialogAsync();
        async Task<DateTimeOffset?> WaitingAsync() => (await FindAsync(messaging, dialog)).WaitingSince;

        await messaging.SendAsync(dialog, "c1", "a person, please");
        Assert.Null(await WaitingAsync());
        await StepAsync(messaging, dialog, HandoffStep.Request);
        var requested = await WaitingAsync();
        Assert.Equal((await LastAsync(messaging, dialog)).Timestamp, requested);
        await messaging.SendAsync(dialog, "c2", "hello?");
        Assert.Equal(requested, await WaitingAsync());

        // Who came has not answered yet: what the visitor said first still waits.
        await StepAsync(messaging, dialog, HandoffStep.Takeover);
        Assert.True(await WaitingAsync() <= requested);
        await SayAsync(messaging, dialog, Sender.Manager, "here I am");
        Assert.Null(await WaitingAsync());
        await messaging.SendAsync(dialog, "c3", "fine");
        var asked = (await LastAsync(messaging, dialog)).Timestamp;
        await messaging.SendAsync(dialog, "c4", "so?");
        Assert.Equal(asked, await WaitingAsync());
        await StepAsync(messaging, dialog, HandoffStep.Release);
        Assert.Null(await WaitingAsync());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Where_no_assistant_answers_a_visitor_waits_from_the_first_message_that_nobody_has_answered(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        async Task<DateTimeOffset?> WaitingAsync()
        {
            var waiting = (await FindAsync(messaging, dialog)).WaitingSince;

            // What the list's socket says of it is the same.
            var said = JsonDocument.Parse((await messaging.ReadAllAsync(StreamKey.ForFeed("acme")))[^1].Payload).RootElement.GetProperty("waiting_since");
            Assert.Equal(waiting, said.ValueKind == JsonValueKind.Null ? null : said.GetDateTimeOffset());
            return waiting;
        }

        await messaging.SendAsync(dialog, "c1", "hello?");
        var asked = (await LastAsync(messaging, dialog)).Timestamp;
        Assert.Equal(asked, await WaitingAsync());
        await messaging.SendAsync(dialog, "c2", "anybody?");
        Assert.Equal(asked, await WaitingAsync());

        // To ask for a person, and not any more, makes nobody wait anew.
        await StepAsync(messaging, dialog, HandoffStep.Request);
        Assert.Equal(asked, await WaitingAsync());
        await StepAsync(messaging, dialog, HandoffStep.Cancel);
        Assert.Equal(asked, await WaitingAsync());
        await SayAsync(messaging, dialog, Sender.Manager, "yes");
        Assert.Null(await WaitingAsync());

        // Who leaves without an answer leaves the visitor to wait.
        await StepAsync(messaging, dialog, HandoffStep.Request);
        await StepAsync(messaging, dialog, HandoffStep.Takeover);
        await messaging.SendAsync(dialog, "c3", "and now?");
        asked = (await LastAsync(messaging, dialog)).Timestamp;
        await StepAsync(messaging, dialog, HandoffStep.Release);
        Assert.Equal(asked, await WaitingAsync());

        // An assistant that comes later has none of what was written before.
        await EnableAssistantAsync(messaging);
        Assert.Equal(asked, await WaitingAsync());
        await messaging.SendAsync(dialog, "c4", "a question");
        Assert.Null(await WaitingAsync());
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task The_feed_says_what_the_list_shows(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAssistantAsync(messaging);
        var opened = await messaging.Dialogs.OpenAsync(MessagingHost.Site, DialogMode.Site, "ann", TestTimeout.Token());
        var dialog = opened.Dialog.Key;
        var note = new VisitorNote
        {
            Name = "Ann \"Ö\" 🙂",
            Locale = "de",
            Page = new VisitorPage("https://shop.example/a?b=1", "Ünter </script>", "https://find.example/"),
            UserAgent = "Browser/1",
        };
        Assert.True(await messaging.Dialogs.NoteVisitorAsync(dialog, opened.Dialog.Owner, note, TestTimeout.Token()));
        await messaging.SendAsync(dialog, "c1", "\"sender\":\"manager\"");
        await StepAsync(messaging, dialog, HandoffStep.Request);
        await StepAsync(messaging, dialog, HandoffStep.Takeover);

        var feed = (await messaging.ReadAllAsync(StreamKey.ForFeed("acme"))).ConvertAll(entry => JsonDocument.Parse(entry.Payload).RootElement);
        Assert.Equal(["dialog_new", "dialog_update", "dialog_update"], feed.Select(entry => entry.GetProperty("type").GetString()));
        Assert.Equal([2, 3, 0], feed.Select(entry => entry.GetProperty("unread").GetInt32()));
        Assert.Equal(("site", "shop"), (feed[0].GetProperty("mode").GetString(), feed[0].GetProperty("site_id").GetString()));
        Assert.Equal((note.Name, "de"), (feed[0].GetProperty("visitor").GetProperty("name").GetString(), feed[0].GetProperty("visitor").GetProperty("locale").GetString()));
        Assert.Equal("https://shop.example/a?b=1", feed[0].GetProperty("page").GetProperty("url").GetString());
        Assert.Equal("Ünter </script>", feed[0].GetProperty("page").GetProperty("title").GetString());
        Assert.False(feed[1].TryGetProperty("visitor", out _));
        Assert.Equal(JsonValueKind.Null, feed[0].GetProperty("waiting_since").ValueKind);
        Assert.Equal(feed[1].GetProperty("timestamp").GetString(), feed[1].GetProperty("waiting_since").GetString());
        Assert.Equal(("Anna /\\ \"1\"", "anna"), (feed[2].GetProperty("operator").GetString(), feed[2].GetProperty("operator_id").GetString()));

        var found = await FindAsync(messaging, dialog);
        Assert.Equal(new VisitorProfile(note.Name, null, "de"), found.Visitor);
        Assert.Equal((note.Page, note.Page, "Browser/1"), (found.Page, found.StartedPage, found.UserAgent));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Lists_hear_who_reads_and_what_a_visitor_says_of_themselves_and_only_if_it_is_news(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var opened = await messaging.Dialogs.OpenAsync(MessagingHost.Site, DialogMode.Widget, "ann", TestTimeout.Token());
        var (dialog, owner) = (opened.Dialog.Key, opened.Dialog.Owner);
        var heard = await HearAsync(messaging, StreamKey.ForFeed("acme"));
        Task<bool> NoteAsync(VisitorNote note) => messaging.Dialogs.NoteVisitorAsync(dialog, owner, note, TestTimeout.Token());

        // Before the visitor wrote, no list has the dialog.
        await NoteAsync(new VisitorNote { Name = "Ann", Page = new VisitorPage("https://shop.example/1") });
        await ReadAsync(messaging, dialog, "anna", 1);
        await messaging.SendAsync(dialog, "c1", "hello");
        await heard.NextAsync("dialog_new");

        await NoteAsync(new VisitorNote { Email = "ann@example.com" });
        Assert.Equal("""{"name":"Ann","email":"ann@example.com"}""", (await heard.NextAsync("dialog_visitor")).GetProperty("visitor").GetRawText());
        await NoteAsync(new VisitorNote { Email = "ann@example.com", UserAgent = "Browser/2" });
        await NoteAsync(new VisitorNote { Name = "", Page = new VisitorPage("https://shop.example/2") });
        var moved = await heard.NextAsync("dialog_visitor");
        Assert.Equal("""{"email":"ann@example.com"}""", moved.GetProperty("visitor").GetRawText());
        Assert.Equal("https://shop.example/2", moved.GetProperty("page").GetProperty("url").GetString());
        Assert.Equal(dialog.DialogId, moved.GetProperty("dialog_id").GetInt64());
        Assert.Equal("https://shop.example/1", (await FindAsync(messaging, dialog)).StartedPage!.Url);

        await ReadAsync(messaging, dialog, "anna", 2);
        var read = await heard.NextAsync("dialog_read");
        Assert.Equal((2, 0, "manager"), (read.GetProperty("last_read").GetInt32(), read.GetProperty("unread").GetInt32(), read.GetProperty("sender").GetString()));

        // What comes then is told to be unread, and of a dialog that lists know.
        await messaging.SendAsync(dialog, "c2", "are you there?");
        Assert.Equal(1, (await heard.NextAsync("dialog_update")).GetProperty("unread").GetInt32());

        // Somebody else's dialog is none.
        Assert.False(await messaging.Dialogs.NoteVisitorAsync(dialog, owner with { GuestId = "bob" }, new VisitorNote { Name = "Bob" }, TestTimeout.Token()));
        Assert.Equal(2, (await messaging.Log.GetHeadAsync(StreamKey.ForFeed("acme"), TestTimeout.Token())).Seq);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_search_looks_at_so_many_dialogs_and_says_where_to_go_on(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialogs = new List<StreamKey>();
        for (var i = 0; i < 5; i++)
        {
            dialogs.Add(await messaging.OpenDialogAsync());
            await messaging.SendAsync(dialogs[i], "c1", $"text number {i}");
        }

        await FillAsync(messaging, 2_300);
        Task<DialogSearch> SearchAsync(DialogFilter filter, int skip = 0, int most = 10) =>
            messaging.Dialogs.SearchAsync("acme", filter, skip, most, TestTimeout.Token());

        var nothing = new DialogFilter { Text = "nowhere" };
        var first = await SearchAsync(nothing);
        Assert.Empty(first.Items);
        Assert.Equal((2_305, 1_000), (first.Total, first.Next));
        Assert.Equal(2_000, (await SearchAsync(nothing, 1_000)).Next);
        Assert.Null((await SearchAsync(nothing, 2_000)).Next);
        Assert.Null((await SearchAsync(nothing, 9_000)).Next);

        // A page that is full goes on right behind its last dialog.
        var two = await SearchAsync(new DialogFilter { Text = "TEXT Number" }, 0, 2);
        Assert.Equal(2, two.Items.Count);
        var rest = await SearchAsync(new DialogFilter { Text = "TEXT Number" }, two.Next!.Value);
        Assert.Equal(dialogs.Select(dialog => dialog.DialogId).Order(), two.Items.Concat(rest.Items).Select(found => found.Id).Order());

        var all = await SearchAsync(DialogFilter.All, 2_300, 200);
        Assert.Equal((5, null), (all.Items.Count, all.Next));
        Assert.Equal(200, (await SearchAsync(DialogFilter.All, 0, 200)).Next);
    }

    [Fact]
    public async Task A_filter_takes_by_state_site_and_what_is_known_of_the_visitor()
    {
        var messaging = await StartAsync(RedisKind.Redis);
        var keys = new Dictionary<string, StreamKey>();
        foreach (var name in (string[])["before", "plain", "requested", "annas", "answered", "released"])
        {
            // The first one comes before there is an assistant.
            if (name == "plain")
            {
                await EnableAssistantAsync(messaging);
            }

            keys[name] = await messaging.OpenDialogAsync();
            await messaging.SendAsync(keys[name], "c1", $"from {name}");
            foreach (var step in name switch
            {
                "before" or "plain" => Array.Empty<HandoffStep>(),
                "requested" => [HandoffStep.Request],
                "released" => [HandoffStep.Request, HandoffStep.Takeover, HandoffStep.Release],
                _ => [HandoffStep.Request, HandoffStep.Takeover],
            })
            {
                await StepAsync(messaging, keys[name], step);
            }
        }

        await SayAsync(messaging, keys["answered"], Sender.Manager, "yes");
        var plain = await FindAsync(messaging, keys["plain"]);
        await messaging.Dialogs.NoteVisitorAsync(
            plain.Key,
            plain.Owner,
            new VisitorNote { Name = "Zoë", Email = "zoe@example.com", Page = new VisitorPage("https://shop.example/blue", "Blue shirt") },
            TestTimeout.Token());

        async Task<string> NamesAsync(DialogFilter filter) => string.Join(' ', (await messaging.Dialogs.SearchAsync("acme", filter, 0, 100, TestTimeout.Token()))
            .Items.Select(dialog => keys.Single(pair => pair.Value == dialog.Key).Key).Order(StringComparer.Ordinal));

        Assert.Equal("annas answered before plain released requested", await NamesAsync(DialogFilter.All));
        Assert.Equal("annas before requested", await NamesAsync(new DialogFilter { State = DialogState.Waiting }));
        Assert.Equal("annas answered", await NamesAsync(new DialogFilter { State = DialogState.Mine, OperatorId = "anna" }));
        Assert.Equal("", await NamesAsync(new DialogFilter { State = DialogState.Mine, OperatorId = "boris" }));
        Assert.Equal("plain released", await NamesAsync(new DialogFilter { State = DialogState.Assistant, AssistedSites = new HashSet<string> { "shop" } }));
        Assert.Equal("", await NamesAsync(new DialogFilter { State = DialogState.Assistant, AssistedSites = new HashSet<string> { "other" } }));
        Assert.Equal("released", await NamesAsync(new DialogFilter { State = DialogState.Closed }));
        Assert.Equal("", await NamesAsync(new DialogFilter { SiteId = "other" }));
        Assert.Equal("annas answered before plain released requested", await NamesAsync(new DialogFilter { SiteId = "shop" }));
        foreach (var text in (string[])["ZOË", "zoe@", "/blue", "blue SHIRT", "from pl", $"{keys["plain"].DialogId}"])
        {
            Assert.Equal("plain", await NamesAsync(new DialogFilter { Text = text }));
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Starts_with_one_key_make_one_guest(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var start = new GuestStart(MessagingHost.Site, "10.0.0.1", "a-key-of-the-page");
        Assert.Null(await messaging.Dialogs.FindStartedGuestAsync(start, TestTimeout.Token()));

        var guests = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => messaging.Dialogs.NoteStartedGuestAsync(start, $"g{i}", TestTimeout.Token())));

        Assert.Equal(guests[0], Assert.Single(guests.Distinct()));
        Assert.Equal(guests[0], await messaging.Dialogs.FindStartedGuestAsync(start, TestTimeout.Token()));
        foreach (var other in (GuestStart[])[
            new(MessagingHost.Site, "10.0.0.2", "a-key-of-the-page"),
            new(MessagingHost.Site, "10.0.0.1", "another-key"),
            new(MessagingHost.Site with { Id = "other" }, "10.0.0.1", "a-key-of-the-page")])
        {
            Assert.Null(await messaging.Dialogs.FindStartedGuestAsync(other, TestTimeout.Token()));
        }
    }

    private static Task EnableAssistantAsync(MessagingHost messaging) => messaging.Services.GetRequiredService<AssistantDirectory>().SaveAsync(
        new AssistantSite(MessagingHost.Site.Account, MessagingHost.Site.Id), AssistantSettings.None with { Enabled = true }, TestTimeout.Token());

    private static Task<bool> ReadAsync(MessagingHost messaging, StreamKey dialog, string person, long seq) =>
        messaging.Log.MarkReadAsync(dialog, Principals.Operator(person), Sender.Manager, seq, TestTimeout.Token());

    private static Task<AppendResult> SayAsync(MessagingHost messaging, StreamKey dialog, Sender sender, string text) =>
        messaging.AppendAsync(dialog, new NewMessage(
            IdempotencyKey.Unique("test"), sender, text, OperatorId: sender == Sender.Manager ? "anna" : null));

    private static async Task StepAsync(MessagingHost messaging, StreamKey dialog, HandoffStep step) => Assert.Equal(
        AppendOutcome.Appended,
        (await messaging.AppendAsync(dialog, step, IdempotencyKey.Unique("test"), Sender.Manager, "anna", "Anna /\\ \"1\"")).Outcome);

    private static async Task<Dialog> FindAsync(MessagingHost messaging, StreamKey dialog) =>
        (await messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()))!;

    private static async Task<DialogSummary> LastAsync(MessagingHost messaging, StreamKey dialog) => (await FindAsync(messaging, dialog)).Last!;

    // Listed dialogs as they lie in Redis, behind those that were written to; to append to each would take long.
    private static Task FillAsync(MessagingHost messaging, int count)
    {
        var batch = messaging.Database.CreateBatch();
        var written = Enumerable.Range(1, count).Select(id => Task.WhenAll(
            batch.HashSetAsync(RedisKeys.Dialog(StreamKey.ForDialog("acme", id)), [new("site", "shop"), new("guest", "g"), new("handoff", "none"), new("listed", "1")]),
            batch.SortedSetAddAsync("{acme}:dialogs", id, id))).ToArray();
        batch.Execute();
        return Task.WhenAll(written);
    }

    private static async Task<Heard> HearAsync(MessagingHost messaging, StreamKey stream)
    {
        var events = Channel.CreateUnbounded<JsonElement>();
        await messaging.Database.Multiplexer.GetSubscriber().SubscribeAsync(
            messaging.ChannelOf(stream),
            (_, message) =>
            {
                Assert.True(LogEntry.TryParse((byte[])message!, out var entry));
                Assert.True(events.Writer.TryWrite(JsonDocument.Parse(entry.Payload).RootElement));
            });
        return new Heard(events.Reader);
    }

    private sealed class Heard(ChannelReader<JsonElement> events)
    {
        /// <summary>The next that was published, which has to be of this type.</summary>
        public async Task<JsonElement> NextAsync(string type)
        {
            var next = await events.ReadAsync(TestTimeout.Token());
            Assert.True(next.GetProperty("type").GetString() == type, next.GetRawText());
            return next;
        }
    }
}
