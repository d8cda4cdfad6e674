using ReplyX.Samples.Replay;
using ReplyX.Samples.Replay.Judging;

namespace ReplyX.Client.Tests.Samples;

/// <summary>What the audits find reaches the report: added up, and in words. What they find is tested with them.</summary>
public sealed class JudgeTests
{
    private static readonly EventCursor _start = new(1, "w");
    private static readonly IReadOnlyList<SentEvent> _sent = [Sent(2, "user", "one"), Sent(3, "assistant", "two"), Sent(5, "user", "three")];
    private static readonly IReadOnlyList<ReplyXEvent> _log =
        [Message(2, "user", "one"), Message(3, "assistant", "two"), Step(4), Message(5, "user", "three")];

    private static readonly DialogListEvent[] _entries =
    [
        Entry(10, 2, "message", "user", "one", isNew: true),
        Entry(11, 3, "message", "assistant", "two"),
        Entry(12, 4, "handoff_requested", null, null),
        Entry(13, 5, "message", "user", "three"),
    ];

    [Fact]
    public void What_Came_As_It_Should_Is_Clean()
    {
        var judge = Judge([_log, _log], [_entries]);

        Assert.Equal(new DeliveryTally { Expected = 8, Delivered = 8 }, judge.Dialog);
        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 4 }, judge.List);
        Assert.Empty(judge.Faults);
    }

    [Fact]
    public void Faults_Of_All_Sockets_Are_Added_Up_And_Told()
    {
        var judge = Judge(
            [_log, _log.Where(e => e.Seq != 3), _log.Append(_log[0])],
            [_entries.Where(e => e.LastSeq > 3), _entries.Append(_entries[0] with { Cursor = new EventCursor(14, "n2") })]);

        Assert.Equal(new DeliveryTally { Expected = 12, Delivered = 11, Duplicated = 1 }, judge.Dialog);
        Assert.Equal(new DeliveryTally { Expected = 8, Delivered = 6, Duplicated = 1, Corrupted = 1 }, judge.List);
        Assert.Equal(5, judge.Faults.Count);
        Assert.All(judge.Faults, fault => Assert.Contains("n1", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void What_The_Library_Repaired_Counts()
    {
        var judge = new ReplayJudge([Record(_sent, [Socket(_log, new ConnectionStatistics { Duplicates = 2, Holes = 1 })])], []);

        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 4, Duplicated = 2, Reordered = 1 }, judge.Dialog);
        Assert.Equal(2, judge.Faults.Count);
    }

    [Fact]
    public void An_Author_Whose_Messages_Were_Swapped_Is_Found()
    {
        var judge = new ReplayJudge([Record([_sent[0] with { Line = 9 }, _sent[1], _sent[2]], [Socket(_log)])], []);

        Assert.Equal(new DeliveryTally { Expected = 4, Delivered = 4, Reordered = 1 }, judge.Dialog);
        Assert.Single(judge.Faults);
    }

    [Fact]
    public void What_Is_Wrong_With_The_Log_Alone_Is_A_Fault()
    {
        var record = Record([.. _sent, Sent(6, "user", "four")], [Socket(_log.Append(Message(6, "user", "four")))]);

        Assert.Contains("line 6", Assert.Single(new ReplayJudge([record], []).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Percentiles_Are_Latencies_That_Were_Measured()
    {
        var summary = LatencySummary.Of(Enumerable.Range(1, 200).Reverse().Select(i => TimeSpan.FromMilliseconds(i)));

        Assert.Equal((200, 100.0, 198.0, 200.0), (summary.Samples, summary.P50.TotalMilliseconds, summary.P99.TotalMilliseconds, summary.Max.TotalMilliseconds));
        Assert.Equal(0, LatencySummary.Of([]).Samples);
    }

    private static ReplayJudge Judge(IEnumerable<ReplyXEvent>[] sockets, IEnumerable<ReplyXEvent>[] lists)
        => new([Record(_sent, [.. sockets.Select(got => Socket(got))])], [.. lists.Select(got => Socket(got))]);

    private static DialogRecord Record(IReadOnlyList<SentEvent> sent, IReadOnlyList<SocketRecord> sockets) => new()
    {
        Conversation = "x",
        DialogId = 7,
        Start = _start,
        Sent = sent,
        Steps = [HandoffState.Requested],
        Log = _log,
        Sockets = sockets,
    };

    private static SocketRecord Socket(IEnumerable<ReplyXEvent> got, ConnectionStatistics statistics = default) => new("visitor 1", "n1", [.. got], statistics);

    private static SentEvent Sent(long seq, string sender, string text)
        => new(Cursor(seq), text, sender, sender == "user" ? 0 : 1, (int)seq, 1, 2, 1);

    private static MessageEvent Message(long seq, string sender, string text)
        => new() { Cursor = Cursor(seq), DialogId = 7, Sender = sender, Text = text };

    private static HandoffEvent Step(long seq) => new() { Cursor = Cursor(seq), DialogId = 7, State = HandoffState.Requested };

    private static DialogListEvent Entry(long feedSeq, long seq, string change, string? sender, string? preview, bool isNew = false) => new()
    {
        Cursor = new EventCursor(feedSeq, $"n{seq}"),
        DialogId = 7,
        LastSeq = seq,
        IsNew = isNew,
        Change = change,
        Sender = sender,
        Preview = preview,
    };

    private static EventCursor Cursor(long seq) => new(seq, $"n{seq}");
}
