namespace ReplyX.Client.Tests.Auditing;

/// <summary>An audit that never finds anything is worth nothing: each fault is put in, and has to be found, and nothing else.</summary>
public sealed class DeliveryAuditTests
{
    private const long Id = 7;

    private static readonly AuditedDialog _dialog = new()
    {
        Id = Id,
        Log = [Held(1, "assistant: hello"), Held(2, "user: one"), Held(3, "assistant: two"), Held(4, "handoff requested"), Held(5, "user: three")],
        Acknowledged = [Sent(2, "user: one"), Sent(3, "assistant: two"), Sent(5, "user: three")],
        Steps = [HandoffState.Requested],
        Start = 1,
    };

    private static readonly ReceivedEvent[] _all = [Got(2, "user: one"), Got(3, "assistant: two"), Got(4, "handoff requested"), Got(5, "user: three")];

    private static readonly ReceivedEvent[] _listed =
        [Entry(10, 2, "user: one", isNew: true), Entry(11, 3, "assistant: two"), Entry(12, 4, "handoff requested"), Entry(13, 5, "user: three")];

    [Fact]
    public void What_came_as_it_should_is_clean()
    {
        var audits = new[] { Socket(_all), List(_listed), DeliveryAudit.OfSocket(_dialog, 3, _all[2..]) };

        Assert.All(audits, audit => Assert.True(audit.IsClean, Told(audit)));
        Assert.Equal([(4, 4), (4, 4), (2, 2)], audits.Select(audit => (audit.Expected, audit.Delivered)));
        Assert.True(DeliveryAudit.OfLog(_dialog).IsClean);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_missing_event_is_lost(long seq)
    {
        var audit = AssertFound(Socket(_all.Where(e => e.Position.Seq != seq)), DeliveryVerdict.Lost);

        Assert.Equal((4, 3), (audit.Expected, audit.Delivered));
        Assert.Equal(seq < 5 ? (int)seq - 2 : null, audit.Findings[0].At);
    }

    [Fact]
    public void What_was_acknowledged_and_is_not_in_the_log_is_due_all_the_same()
    {
        var dialog = _dialog with { Log = [.. _dialog.Log.SkipLast(1)] };

        Assert.True(DeliveryAudit.OfSocket(dialog, 1, _all).IsClean);
        AssertFound(DeliveryAudit.OfSocket(dialog, 1, _all[..3]), DeliveryVerdict.Lost);
    }

    [Fact]
    public void What_a_socket_began_behind_is_not_due()
        => AssertFound(DeliveryAudit.OfSocket(_dialog, 3, _all[1..]), DeliveryVerdict.Reordered);

    [Fact]
    public void A_repeated_event_is_duplicated()
    {
        AssertFound(Socket([.. _all, _all[0]]), DeliveryVerdict.Duplicated);
        AssertFound(Socket([_all[0], _all[0], .. _all[1..]]), DeliveryVerdict.Duplicated);
    }

    [Fact]
    public void Events_in_another_order_are_reordered()
    {
        var audit = AssertFound(Socket([_all[0], _all[2], _all[1], _all[3]]), DeliveryVerdict.Reordered);

        Assert.Equal(2, audit.Findings[0].At);
    }

    [Fact]
    public void An_event_that_the_log_does_not_hold_is_a_phantom()
        => AssertFound(Socket([.. _all, Got(6, "user: who?")]), DeliveryVerdict.Phantom);

    [Fact]
    public void An_event_of_a_number_with_another_nonce_is_a_phantom_and_the_right_one_is_lost()
    {
        var audit = Socket([.. _all[..3], _all[3] with { Position = new EventCursor(5, "other") }]);

        Assert.Equal([DeliveryVerdict.Phantom, DeliveryVerdict.Lost], audit.Findings.Select(finding => finding.Verdict));
    }

    [Theory]
    [InlineData("user: three ")]
    [InlineData("user: Three")]
    [InlineData("manager: three")]
    [InlineData("user: thre\u0435")]
    [InlineData(null)]
    public void Another_text_or_sender_is_corrupted(string? content)
    {
        var audit = AssertFound(Socket([.. _all[..3], _all[3] with { Content = content }]), DeliveryVerdict.Corrupted);

        Assert.Equal(4, audit.Delivered);
    }

    [Fact]
    public void A_composed_character_for_a_decomposed_one_is_corrupted()
    {
        var dialog = _dialog with { Log = [Held(1, ""), Held(2, "user: e\u0301")], Acknowledged = [Sent(2, "user: e\u0301")], Steps = [] };

        AssertFound(DeliveryAudit.OfSocket(dialog, 1, [Got(2, "user: \u00e9")]), DeliveryVerdict.Corrupted);
    }

    [Fact]
    public void An_event_of_another_dialog_is_foreign_and_disturbs_no_number()
    {
        AssertFound(Socket([_all[0], Got(99, "user: mine") with { DialogId = 8 }, .. _all[1..]]), DeliveryVerdict.Foreign);
        AssertFound(Socket([.. _all, Got(6, "user: whose?") with { DialogId = null }]), DeliveryVerdict.Foreign);
    }

    [Fact]
    public void What_the_library_repaired_counts()
    {
        var repairs = new ConnectionStatistics { Duplicates = 2, Holes = 3, Conflicts = 1, Malformed = 4 };

        foreach (var audit in new[] { DeliveryAudit.OfSocket(_dialog, 1, _all, repairs), DeliveryAudit.OfList([_dialog], _listed, repairs: repairs) })
        {
            Assert.Equal(
                (2, 4, 4), (audit[DeliveryVerdict.Duplicated], audit[DeliveryVerdict.Reordered], audit[DeliveryVerdict.Corrupted]));
            Assert.False(audit.IsClean);
        }
    }

    [Fact]
    public void The_list_has_one_entry_an_event()
    {
        AssertFound(List(_listed.Where(e => e.EventSeq != 3)), DeliveryVerdict.Lost);
        AssertFound(List([.. _listed, _listed[3]]), DeliveryVerdict.Duplicated);
        AssertFound(List([.. _listed, Entry(14, 5, "user: three")]), DeliveryVerdict.Duplicated);
        AssertFound(List([.. _listed, Entry(14, 6, "user: who?")]), DeliveryVerdict.Phantom);
        AssertFound(List([_listed[0], _listed[2], _listed[1], _listed[3]]), DeliveryVerdict.Reordered);
        AssertFound(List([_listed[0] with { Content = "user: two" }, .. _listed[1..]]), DeliveryVerdict.Corrupted);
        AssertFound(List([.. _listed, Entry(14, 1, "user: mine") with { DialogId = 8 }]), DeliveryVerdict.Foreign);
    }

    [Fact]
    public void A_dialog_is_new_in_the_list_once()
    {
        AssertFound(List([_listed[0] with { IsNew = false }, .. _listed[1..]]), DeliveryVerdict.Corrupted);
        AssertFound(List([.. _listed[..3], _listed[3] with { IsNew = true }]), DeliveryVerdict.Corrupted);
        Assert.True(List(_listed.Select(e => e with { IsNew = null })).IsClean);
    }

    [Fact]
    public void A_preview_is_the_start_of_a_text_and_no_shorter_than_it_may_be()
    {
        var text = new string('x', 400);
        var dialog = _dialog with { Log = [Held(1, ""), Held(2, $"user: {text}")], Acknowledged = [Sent(2, $"user: {text}")], Steps = [] };

        Assert.True(DeliveryAudit.OfList([dialog], [Entry(1, 2, $"user: {text[..119]}", isNew: true)]).IsClean);
        AssertFound(DeliveryAudit.OfList([dialog], [Entry(1, 2, $"user: {text[..20]}", isNew: true)]), DeliveryVerdict.Corrupted);
    }

    [Fact]
    public void What_comes_before_a_dialog_is_listed_is_not_due_in_the_list()
    {
        var dialog = _dialog with
        {
            Log = [Held(1, "assistant: hello"), Held(2, "assistant: still there?"), Held(3, "user: hi")],
            Acknowledged = [Sent(2, "assistant: still there?"), Sent(3, "user: hi")],
            Steps = [],
        };

        var audit = DeliveryAudit.OfList([dialog], [Entry(10, 3, "user: hi", isNew: true)]);

        Assert.True(audit.IsClean, Told(audit));
        Assert.Equal(1, audit.Expected);
        AssertFound(DeliveryAudit.OfList([dialog], [Entry(9, 2, "assistant: still there?"), Entry(10, 3, "user: hi", isNew: true)]), DeliveryVerdict.Phantom);
    }

    [Fact]
    public void Others_of_a_shared_account_are_nobody_s_business_but_their_numbers_count()
    {
        var theirs = Entry(14, 1, "user: mine") with { DialogId = 8 };

        Assert.True(DeliveryAudit.OfList([_dialog], [.. _listed, theirs], isShared: true).IsClean);
        AssertFound(DeliveryAudit.OfList([_dialog], [theirs with { Position = new EventCursor(9, "n1") }, .. _listed, theirs, theirs], isShared: true), DeliveryVerdict.Duplicated);
    }

    [Fact]
    public void A_hole_in_the_feed_is_lost_even_where_all_that_is_known_came()
    {
        var audit = AssertFound(List([.. _listed[..3], Entry(15, 5, "user: three")]), DeliveryVerdict.Lost);

        Assert.Equal((2, 4, 4), (audit[DeliveryVerdict.Lost], audit.Expected, audit.Delivered));
    }

    [Fact]
    public void A_log_that_lacks_an_acknowledged_message_lost_it()
    {
        AssertFound(DeliveryAudit.OfLog(_dialog with { Log = [.. _dialog.Log.SkipLast(1)] }), DeliveryVerdict.Lost);
        AssertFound(DeliveryAudit.OfLog(WithSent(2, sent => sent with { Cursor = new EventCursor(5, "other") })), DeliveryVerdict.Lost);
        Assert.NotEqual(0, DeliveryAudit.OfLog(_dialog with { Log = [.. _dialog.Log.Where(e => e.Cursor.Seq != 4)], Steps = [] })[DeliveryVerdict.Lost]);
        AssertFound(DeliveryAudit.OfLog(_dialog with { Acknowledged = [.. _dialog.Acknowledged, Sent(5, "user: three")] }), DeliveryVerdict.Lost);
        AssertFound(DeliveryAudit.OfLog(_dialog with { Steps = [HandoffState.Requested, HandoffState.Cancelled] }), DeliveryVerdict.Lost);
    }

    [Fact]
    public void A_log_may_be_given_from_its_start_on()
        => Assert.True(DeliveryAudit.OfLog(_dialog with { Log = [.. _dialog.Log.Skip(1)] }).IsClean);

    [Fact]
    public void A_log_that_holds_a_message_twice_duplicated_it()
        => AssertFound(DeliveryAudit.OfLog(_dialog with { Log = [.. _dialog.Log, Held(6, "user: three")] }), DeliveryVerdict.Duplicated);

    [Fact]
    public void A_message_sent_twice_under_two_keys_is_two_messages()
        => Assert.True(DeliveryAudit.OfLog(_dialog with
        {
            Log = [.. _dialog.Log, Held(6, "user: three")],
            Acknowledged = [.. _dialog.Acknowledged, Sent(6, "user: three")],
        }).IsClean);

    [Fact]
    public void A_log_that_holds_another_text_corrupted_it()
        => AssertFound(DeliveryAudit.OfLog(WithSent(2, sent => sent with { Content = "user: four" })), DeliveryVerdict.Corrupted);

    [Fact]
    public void An_author_whose_messages_were_swapped_is_found()
        => AssertFound(
            DeliveryAudit.OfLog(_dialog with { Acknowledged = [_dialog.Acknowledged[2], _dialog.Acknowledged[1], _dialog.Acknowledged[0]] }), DeliveryVerdict.Reordered);

    [Fact]
    public void What_nobody_acknowledged_is_a_phantom_of_the_log()
    {
        AssertFound(DeliveryAudit.OfLog(_dialog with { Log = [.. _dialog.Log, Held(6, "user: who?")] }), DeliveryVerdict.Phantom);
        AssertFound(DeliveryAudit.OfLog(_dialog with { Steps = [] }), DeliveryVerdict.Phantom);
        AssertFound(DeliveryAudit.OfLog(_dialog with { Steps = [HandoffState.Active] }), DeliveryVerdict.Phantom);
    }

    [Fact]
    public void One_form_for_what_events_say_however_they_are_seen()
    {
        Assert.Equal("manager: hi", EventContent.Of(new MessageEvent { Sender = "manager", Text = "hi" }));
        Assert.Equal("handoff active", EventContent.Of(new HandoffEvent { State = HandoffState.Active }));
        Assert.Equal("handoff active", EventContent.Of(new DialogListEvent { IsNew = false, Change = "handoff_started" }));
        Assert.Equal("user: hi", EventContent.Of(new DialogListEvent { IsNew = false, Change = "message", Sender = "user", Preview = "hi" }));
        Assert.Null(EventContent.Of(new TypingEvent { IsTyping = true, Sender = "user" }));
    }

    private static DeliveryAudit Socket(IEnumerable<ReceivedEvent> received) => DeliveryAudit.OfSocket(_dialog, 1, [.. received]);

    private static DeliveryAudit List(IEnumerable<ReceivedEvent> received) => DeliveryAudit.OfList([_dialog], [.. received]);

    private static AuditedDialog WithSent(int index, Func<AcknowledgedEvent, AcknowledgedEvent> change)
        => _dialog with { Acknowledged = [.. _dialog.Acknowledged.Select((sent, i) => i == index ? change(sent) : sent)] };

    private static DeliveryAudit AssertFound(DeliveryAudit audit, DeliveryVerdict expected)
    {
        Assert.False(audit.IsClean);
        Assert.All(audit.Findings, finding => Assert.True(finding.Verdict == expected, Told(audit)));
        return audit;
    }

    private static string Told(DeliveryAudit audit) => string.Join('\n', audit.Findings);

    private static AuditedEvent Held(long seq, string content) => new(Cursor(seq), content);

    private static AcknowledgedEvent Sent(long seq, string content) => new(Cursor(seq), content, content[..content.IndexOf(':', StringComparison.Ordinal)], $"k{seq}");

    private static ReceivedEvent Got(long seq, string content) => new() { Position = Cursor(seq), DialogId = Id, EventSeq = seq, Content = content };

    private static ReceivedEvent Entry(long place, long seq, string content, bool isNew = false)
        => new() { Position = new EventCursor(place, $"n{seq}"), DialogId = Id, EventSeq = seq, Content = content, IsNew = isNew };

    private static EventCursor Cursor(long seq) => new(seq, $"n{seq}");
}
