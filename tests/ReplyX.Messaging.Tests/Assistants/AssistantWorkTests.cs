using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Archive;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Testing;

namespace ReplyX.Messaging.Tests.Assistants;

/// <summary>What becomes work, and whose it is, on both servers.</summary>
public class AssistantWorkTests : MessagingTest
{
    private static readonly AssistantSite _site = new(MessagingHost.Site.Account, MessagingHost.Site.Id);
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);

    // No lease at all: whoever asks next gets the dialog, as after a lease that ran out.
    private static readonly TimeSpan _none = TimeSpan.FromMilliseconds(-1);

    [Theory, MemberData(nameof(Servers))]
    public async Task A_visitor_s_message_is_work_where_the_site_has_an_assistant_and_nowhere_else(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var work = Work(messaging);
        var dialog = await messaging.OpenDialogAsync();

        await messaging.SendAsync(dialog, "before", "Is anybody there?");
        Assert.Null(await work.ClaimAsync(_site, _long, TestTimeout.Token()));
        Assert.False(await messaging.Database.KeyExistsAsync("{acme}:assistant:shop:inbox"));

        await EnableAsync(messaging);
        await messaging.SendAsync(dialog, "asked", "And now?");
        var lease = await work.ClaimAsync(_site, _long, TestTimeout.Token());
        Assert.Equal((dialog, 3L, 1), (lease!.Dialog, lease.From, lease.Attempt));

        await Directory(messaging).SaveAsync(_site, AssistantSettings.None, TestTimeout.Token());
        var other = await messaging.OpenDialogAsync();
        await messaging.SendAsync(other, "after", "Still there?");
        Assert.Null(await work.ClaimAsync(_site, _long, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Only_visitors_messages_that_no_operator_is_there_for_are_work(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAsync(messaging);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.AppendAsync(dialog, new NewMessage(IdempotencyKey.Unique("o.1"), Sender.Manager, "Hello", "Anna", "1"));
        await messaging.AppendAsync(dialog, HandoffStep.Request, IdempotencyKey.Unique("g"), Sender.User);
        await messaging.AppendAsync(dialog, HandoffStep.Takeover, IdempotencyKey.Unique("o.1"), Sender.Manager, "1", "Anna");
        await messaging.SendAsync(dialog, "a", "To Anna");
        Assert.Null(await Work(messaging).ClaimAsync(_site, _long, TestTimeout.Token()));

        await messaging.AppendAsync(dialog, HandoffStep.Release, IdempotencyKey.Unique("o.1"), Sender.Manager, "1", "Anna");
        var sent = await messaging.SendAsync(dialog, "b", "To the assistant");
        Assert.Equal(sent.Entry.Seq, (await Work(messaging).ClaimAsync(_site, _long, TestTimeout.Token()))!.From);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Of_several_messages_that_come_amid_an_answer_each_has_its_turn(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAsync(messaging);
        var work = Work(messaging);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "a", "one");
        var first = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        await messaging.SendAsync(dialog, "b", "two");
        await messaging.SendAsync(dialog, "c", "three");
        Assert.Null(await work.ClaimAsync(_site, _long, TestTimeout.Token()));

        Assert.Equal(LeaseState.Held, await work.SettleAsync(first, seen: 2, from: 3, _long, TestTimeout.Token()));
        await work.ReleaseAsync(first, TimeSpan.Zero, counts: false, TestTimeout.Token());
        var second = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        Assert.Equal(3, second.From);
        Assert.Equal(LeaseState.Held, await work.SettleAsync(second, seen: 3, from: 4, _long, TestTimeout.Token()));
        Assert.Equal(LeaseState.Done, await work.SettleAsync(second, seen: 4, from: 5, _long, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_dialog_is_one_worker_s_until_the_lease_runs_out_and_then_another_s(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAsync(messaging);
        var work = Work(messaging);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "a", "one");
        await messaging.SendAsync(dialog, "b", "two");

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => work.ClaimAsync(_site, _long, TestTimeout.Token())));
        var first = Assert.Single(claims.OfType<AssistantLease>());
        Assert.Equal((2L, 1), (first.From, first.Attempt));

        Assert.Equal(LeaseState.Held, await HoldAsync(work, first, _none));
        var second = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        Assert.Equal((2L, 2), (second.From, second.Attempt));

        // Nothing that the first one does counts now.
        Assert.Equal(LeaseState.Lost, await HoldAsync(work, first, _long));
        Assert.Equal(LeaseState.Lost, await work.SettleAsync(first, 9, 10, _long, TestTimeout.Token()));
        await work.ReleaseAsync(first, TimeSpan.Zero, counts: true, TestTimeout.Token());
        Assert.Equal(LeaseState.Held, await HoldAsync(work, second, _long));
        Assert.Null(await work.ClaimAsync(_site, _long, TestTimeout.Token()));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_lease_ends_when_the_log_was_read_to_its_end_and_not_before(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAsync(messaging);
        var work = Work(messaging);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "a", "one");
        var lease = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        await messaging.SendAsync(dialog, "b", "two");

        // Nor where the log has gone to the archive whole.
        Assert.True(await messaging.Services.GetRequiredService<DialogArchiver>().RestAsync(dialog, DateTimeOffset.MaxValue, TestTimeout.Token()));
        Assert.Equal(LeaseState.Held, await work.SettleAsync(lease, 2, 3, _none, TestTimeout.Token()));
        var next = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        Assert.Equal((3L, 2), (next.From, next.Attempt));
        Assert.Equal(LeaseState.Done, await work.SettleAsync(next, 3, 4, _long, TestTimeout.Token()));
        Assert.Equal(LeaseState.Lost, await HoldAsync(work, next, _long));
        Assert.Null(await work.ClaimAsync(_site, _long, TestTimeout.Token()));

        var sent = await messaging.SendAsync(dialog, "c", "three");
        var later = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        Assert.Equal((sent.Entry.Seq, 1), (later.From, later.Attempt));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Who_only_had_to_end_gives_the_dialog_back_as_it_was(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAsync(messaging);
        var work = Work(messaging);
        await messaging.SendAsync(await messaging.OpenDialogAsync(), "a", "one");

        await work.ReleaseAsync((await work.ClaimAsync(_site, _long, TestTimeout.Token()))!, TimeSpan.Zero, counts: false, TestTimeout.Token());
        var again = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        Assert.Equal(1, again.Attempt);
        await work.ReleaseAsync(again, TimeSpan.Zero, counts: true, TestTimeout.Token());
        Assert.Equal(2, (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!.Attempt);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_dialog_whose_turn_is_over_goes_behind_the_others_and_counts_attempts_anew(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAsync(messaging);
        var work = Work(messaging);

        // In the order in which Redis has those that wait since the same millisecond.
        StreamKey[] dialogs = [await messaging.OpenDialogAsync(), await messaging.OpenDialogAsync()];
        Array.Sort(dialogs, (one, another) => string.CompareOrdinal($"{one.DialogId}", $"{another.DialogId}"));
        var (other, busy) = (dialogs[0], dialogs[1]);
        await messaging.SendAsync(busy, "a", "one");
        await messaging.SendAsync(busy, "b", "two");
        await work.ReleaseAsync((await work.ClaimAsync(_site, _long, TestTimeout.Token()))!, TimeSpan.Zero, counts: true, TestTimeout.Token());
        var second = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        await messaging.SendAsync(other, "a", "one");
        var waiting = (await work.ClaimAsync(_site, TimeSpan.Zero, TestTimeout.Token()))!;
        Assert.Equal(other, waiting.Dialog);

        Assert.Equal(LeaseState.Held, await work.SettleAsync(second, 2, 3, _long, TestTimeout.Token()));
        await work.ReleaseAsync(second, TimeSpan.Zero, counts: false, TestTimeout.Token());

        Assert.Equal(other, (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!.Dialog);
        var third = (await work.ClaimAsync(_site, _long, TestTimeout.Token()))!;
        Assert.Equal((busy, 3L, 1), (third.Dialog, third.From, third.Attempt));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Every_dialog_that_was_written_to_is_taken_once(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAsync(messaging);
        List<StreamKey> written = [];
        for (var i = 0; i < 30; i++)
        {
            written.Add(await messaging.OpenDialogAsync());
            await messaging.SendAsync(written[i], "a", "hello");
            await messaging.SendAsync(written[i], "b", "hello?");
        }

        Assert.Equal([_site], await Work(messaging).FindWaitingAsync(TestTimeout.Token()));
        List<StreamKey> taken = [];
        while (await Work(messaging).ClaimAsync(_site, _long, TestTimeout.Token()) is { } lease)
        {
            taken.Add(lease.Dialog);
        }

        Assert.Equal(written.OrderBy(dialog => dialog.DialogId), taken.OrderBy(dialog => dialog.DialogId));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Nothing_is_said_in_a_dialog_that_an_operator_has(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        await EnableAsync(messaging);
        var dialog = await messaging.OpenDialogAsync();
        await messaging.SendAsync(dialog, "a", "one");
        var lease = (await Work(messaging).ClaimAsync(_site, _long, TestTimeout.Token()))!;
        await messaging.AppendAsync(dialog, HandoffStep.Request, IdempotencyKey.Unique("g"), Sender.User);
        Assert.Equal(LeaseState.Held, await HoldAsync(Work(messaging), lease, _long));

        await messaging.AppendAsync(dialog, HandoffStep.Takeover, IdempotencyKey.Unique("o.1"), Sender.Manager, "1", "Anna");

        Assert.Equal(LeaseState.TakenOver, await HoldAsync(Work(messaging), lease, _long));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_answer_names_its_question_and_a_handover_its_reason(RedisKind kind)
    {
        var messaging = await StartAsync(kind);
        var dialog = await messaging.OpenDialogAsync();
        var owner = (await messaging.Dialogs.FindAsync(dialog, TestTimeout.Token()))!.Owner;
        Assert.True(IdempotencyKey.TryCreate(Principals.Assistant, "a.2", out var key));

        var answer = await messaging.AppendAsync(dialog, new NewMessage(key, Sender.Assistant, "It is.", ReplyTo: 2));
        var second = await messaging.AppendAsync(dialog, new NewMessage(key, Sender.Assistant, "It is not.", ReplyTo: 2));
        var handover = await messaging.Log.AppendHandoverAsync(dialog, owner, IdempotencyKey.Unique("assistant"), "failed", TestTimeout.Token());

        Assert.Equal(AppendOutcome.KeyConflict, second.Outcome);
        Assert.Equal(2, Json(answer.Entry).GetProperty("reply_to").GetInt64());
        Assert.Equal("failed", Json(handover.Entry).GetProperty("reason").GetString());
    }

    private static JsonElement Json(LogEntry entry) => JsonDocument.Parse(entry.Payload).RootElement;

    private static Task<LeaseState> HoldAsync(AssistantWork work, AssistantLease lease, TimeSpan duration) =>
        work.HoldAsync(lease, duration, ["{}"u8.ToArray()], DateTimeOffset.UtcNow, TestTimeout.Token());

    private static AssistantWork Work(MessagingHost messaging) => messaging.Services.GetRequiredService<AssistantWork>();

    private static AssistantDirectory Directory(MessagingHost messaging) => messaging.Services.GetRequiredService<AssistantDirectory>();

    private static Task EnableAsync(MessagingHost messaging) =>
        Directory(messaging).SaveAsync(_site, AssistantSettings.None with { Enabled = true }, TestTimeout.Token());
}
