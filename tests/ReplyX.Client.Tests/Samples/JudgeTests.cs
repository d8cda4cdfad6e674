using ReplyX.Samples.Replay;
using ReplyX.Samples.Replay.Judging;

namespace ReplyX.Client.Tests.Samples;

/// <summary>A judge that never finds anything is worth nothing: each fault is put in, and has to be found.</summary>
public sealed class JudgeTests
{
    private static readonly EventCursor _start = new(1, "w");
    private static readonly IReadOnlyList<SentEvent> _sent = [Sent(2, "user", "one"), Sent(3, "assistant", "two"), Sent(5, "user", "three")];
    private static readonly IReadOnlyList<ReplyXEvent> _log =
        [Message(2, "user", "one"), Message(3, "assistant", "two"), Step(4), Message(5, "user", "three")];

    [Fact]
    public void What_Came_As_It_Should_Is_Clean()
    {
        var judge = Judge(_log);

        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 4 }, judge.Tally);
        Assert.Empty(judge.Faults);
    }

    [Fact]
    public void A_Missing_Event_Is_Lost()
        => AssertFault(new DeliveryTally { Expected = 4, Delivered = 3 }, Judge(_log.Where(e => e.Seq != 3)));

    [Fact]
    public void A_Missing_Step_Is_Lost()
        => AssertFault(new DeliveryTally { Expected = 4, Delivered = 3 }, Judge(_log.Where(e => e.Seq != 4)));

    [Fact]
    public void A_Repeated_Event_Is_Duplicated()
        => AssertFault(new DeliveryTally { Expected = 4, Delivered = 4, Duplicated = 1 }, Judge(_log.Append(_log[0])));

    [Fact]
    public void Events_In_Another_Order_Are_Reordered()
        => AssertFault(new DeliveryTally { Expected = 4, Delivered = 4, Reordered = 1 }, Judge([_log[0], _log[2], _log[1], _log[3]]));

    [Fact]
    public void What_The_Library_Repaired_Counts()
    {
        AssertFault(
            new DeliveryTally { Expected = 4, Delivered = 4, Duplicated = 2 }, Judge(_log, statistics: new ConnectionStatistics { Duplicates = 2 }));
        AssertFault(
            new DeliveryTally { Expected = 4, Delivered = 4, Reordered = 1 }, Judge(_log, statistics: new ConnectionStatistics { Holes = 1 }));
    }

    [Fact]
    public void An_Event_That_Nobody_Was_Promised_Is_A_Phantom()
        => AssertFault(new DeliveryTally { Expected = 4, Delivered = 4, Phantom = 1 }, Judge(_log.Append(Message(6, "user", "who?"))));

    [Theory]
    [InlineData("user", "one ")]
    [InlineData("user", "0ne")]
    [InlineData("manager", "one")]
    public void Another_Text_Or_Sender_Is_Corrupted(string sender, string text)
        => AssertFault(new DeliveryTally { Expected = 4, Delivered = 4, Corrupted = 1 }, Judge([Message(2, sender, text), .. _log.Skip(1)]));

    [Fact]
    public void A_Composed_Character_For_A_Decomposed_One_Is_Corrupted()
    {
        var judge = new DialogJudge(Record([Sent(2, "user", "e\u0301")], [], [Message(2, "user", "e\u0301")], [Message(2, "user", "\u00e9")]));

        Assert.Equal(1, judge.Tally.Corrupted);
    }

    [Fact]
    public void An_Acknowledged_Message_That_Is_Not_In_The_Log_Is_Found()
        => Assert.Contains(Judge(_log, log: [.. _log.Take(3)]).Faults, f => f.Contains("not in the log", StringComparison.Ordinal));

    [Fact]
    public void A_Message_In_The_Log_That_Was_Never_Acknowledged_Is_Found()
        => Assert.Contains(
            Judge(_log, log: [.. _log, Message(6, "user", "who?")]).Faults, f => f.Contains("never acknowledged", StringComparison.Ordinal));

    [Fact]
    public void A_Step_That_Was_Not_Acknowledged_Is_Found()
        => Assert.Contains(
            new DialogJudge(Record(_sent, [], _log, _log)).Faults, f => f.Contains("acknowledged steps", StringComparison.Ordinal));

    [Fact]
    public void An_Author_Whose_Messages_Were_Swapped_Is_Found()
    {
        var swapped = new[] { _sent[0] with { Line = 9 }, _sent[1], _sent[2] };

        AssertFault(new DeliveryTally { Expected = 4, Delivered = 4, Reordered = 1 }, new DialogJudge(Record(swapped, [HandoffState.Requested], _log, _log)));
    }

    [Fact]
    public void One_Number_For_Two_Messages_Is_Found()
        => Assert.Contains(
            new DialogJudge(Record([.. _sent, Sent(5, "user", "four")], [HandoffState.Requested], _log, _log)).Faults,
            f => f.Contains("two messages", StringComparison.Ordinal));

    [Fact]
    public void The_List_Has_One_Entry_An_Event()
    {
        var entries = new[] { Entry(10, 2, isNew: true), Entry(11, 3), Entry(12, 4), Entry(13, 5) };

        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 4 }, List(entries).Tally);
        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 3 }, List(entries.Where(e => e.LastSeq != 3)).Tally);
        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 4, Duplicated = 1 }, List(entries.Append(Entry(14, 5))).Tally);
        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 4, Phantom = 1 }, List(entries.Append(Entry(14, 6))).Tally);
        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 4, Reordered = 1 }, List([entries[0], entries[2], entries[1], entries[3]]).Tally);
        Assert.Equal(
            new DeliveryTally { Expected = 4, Delivered = 4, Corrupted = 1 }, List([entries[0] with { Preview = "two" }, .. entries.Skip(1)]).Tally);
        Assert.Equal(
            new DeliveryTally { Expected = 4, Delivered = 4, Corrupted = 1 }, List([entries[0] with { IsNew = false }, .. entries.Skip(1)]).Tally);
    }

    [Fact]
    public void What_Comes_Before_A_Dialog_Is_Listed_Is_Not_Due_In_The_List()
    {
        var record = Record([Sent(2, "assistant", "hello"), Sent(3, "user", "hi")], [], [Message(2, "assistant", "hello"), Message(3, "user", "hi")], []);
        var judge = new ListJudge([(record, new DialogJudge(record))], [Socket([Entry(10, 3, isNew: true) with { Preview = "hi" }])]);

        Assert.Equal(new DeliveryTally { Expected = 1, Delivered = 1 }, judge.Tally);
    }

    [Fact]
    public void Percentiles_Are_Latencies_That_Were_Measured()
    {
        var summary = LatencySummary.Of(Enumerable.Range(1, 200).Reverse().Select(i => TimeSpan.FromMilliseconds(i)));

        Assert.Equal((200, 100.0, 198.0, 200.0), (summary.Samples, summary.P50.TotalMilliseconds, summary.P99.TotalMilliseconds, summary.Max.TotalMilliseconds));
        Assert.Equal(0, LatencySummary.Of([]).Samples);
    }

    private static void AssertFault(DeliveryTally expected, DialogJudge judge)
    {
        Assert.Equal(expected, judge.Tally);
        Assert.NotEmpty(judge.Faults);
    }

    private static DialogJudge Judge(
        IEnumerable<ReplyXEvent> got, IReadOnlyList<ReplyXEvent>? log = null, ConnectionStatistics statistics = default)
        => new(Record(_sent, [HandoffState.Requested], log ?? _log, got, statistics));

    private static ListJudge List(IEnumerable<DialogListEvent> entries)
    {
        var record = Record(_sent, [HandoffState.Requested], _log, _log);
        return new ListJudge([(record, new DialogJudge(record))], [Socket(entries)]);
    }

    private static DialogRecord Record(
        IReadOnlyList<SentEvent> sent,
        IReadOnlyList<HandoffState> steps,
        IReadOnlyList<ReplyXEvent> log,
        IEnumerable<ReplyXEvent> got,
        ConnectionStatistics statistics = default)
        => new()
        {
            Conversation = "x",
            DialogId = 7,
            Start = _start,
            Sent = sent,
            Steps = steps,
            Log = log,
            Sockets = [Socket(got, statistics)],
        };

    private static SocketRecord Socket(IEnumerable<ReplyXEvent> got, ConnectionStatistics statistics = default) => new("visitor 1", "n1", [.. got], statistics);

    private static SentEvent Sent(long seq, string sender, string text)
        => new(Cursor(seq), text, sender, sender == "user" ? 0 : 1, (int)seq, 1, 2, 1);

    private static MessageEvent Message(long seq, string sender, string text)
        => new() { Cursor = Cursor(seq), DialogId = 7, Sender = sender, Text = text };

    private static HandoffEvent Step(long seq) => new() { Cursor = Cursor(seq), DialogId = 7, State = HandoffState.Requested };

    private static DialogListEvent Entry(long feedSeq, long seq, bool isNew = false) => new()
    {
        Cursor = new EventCursor(feedSeq, $"n{seq}"),
        DialogId = 7,
        LastSeq = seq,
        IsNew = isNew,
        Change = "message",
        Preview = seq switch { 2 => "one", 3 => "tw", _ => "" },
    };

    private static EventCursor Cursor(long seq) => new(seq, $"n{seq}");
}
