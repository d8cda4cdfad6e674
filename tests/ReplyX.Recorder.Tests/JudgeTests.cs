using ReplyX.Client;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;
using ReplyX.Recorder.Traffic;

namespace ReplyX.Recorder.Tests;

/// <summary>Puts each fault into a record that has none, and sees the judges find it.</summary>
public sealed class JudgeTests
{
    private const long Dialog = 7;

    private static readonly LogEvent[] _log = [.. Enumerable.Range(1, 6).Select(i => new LogEvent(At(i), i == 1 ? "assistant: hello" : $"user: text {i}"))];

    public static TheoryData<string, string> Histories => new()
    {
        { "c1! 2 3 4 5 6", "" },
        { "c3 4 5 6", "" },
        { "c1! 2 3 x c3! 4 5 6", "" },
        { "c1! 2 3 4 6", nameof(ViolationKind.Lost) },
        { "c1! 2 3 4 5", nameof(ViolationKind.Lost) },
        { "c1! 2 3 gap4 5 6", nameof(ViolationKind.Lost) },
        { "c1! 2 3 3 4 5 6", nameof(ViolationKind.Duplicated) },
        { "c1! 2 4 3 5 6", nameof(ViolationKind.Reordered) },
        { "c1! 2 3 4 5 6 7", nameof(ViolationKind.Phantom) },
        { "c1! 2 3 other4 5 6", nameof(ViolationKind.Phantom) },
        { "c1! 2 3 bad4 5 6", nameof(ViolationKind.Corrupted) },
        { "c1! 2 3 foreign4 5 6", nameof(ViolationKind.Corrupted) },
        { "c1! 2 3 x c3! 5 4 6", nameof(ViolationKind.FalseRecovery) },
        { "c1! 2 3 x c4! 4 5 6", nameof(ViolationKind.FalseRecovery) },
        { "c1! 2 3 x c4 4 5 6", nameof(ViolationKind.FalseRecovery) },
        { "", nameof(ViolationKind.NotConnected) },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public void The_judge_of_a_socket_finds_the_fault(string history, string expected)
    {
        var violations = new Violations();
        var judge = new SocketJudge("socket", [.. history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ToEntry)], violations);

        judge.Judge(
            _log.ToDictionary(e => e.Cursor.Seq, e => e.Cursor), Dialog, entry => entry.Content == _log.Single(e => e.Cursor == entry.Cursor).Content);

        AssertFound(violations, expected.Length == 0 ? null : Enum.Parse<ViolationKind>(expected));
    }

    [Fact]
    public void The_judge_of_a_log_finds_the_fault()
    {
        AcknowledgedMessage[] sent = [.. _log.Skip(1).Select(e => new AcknowledgedMessage(e.Cursor, $"k{e.Cursor.Seq}", e.Content, Author.Visitor))];
        var again = new LogEvent(At(7), _log[5].Content);

        AssertFound(JudgeLog(_log, sent), null);
        AssertFound(JudgeLog(_log[..5], sent), ViolationKind.Lost);
        AssertFound(JudgeLog([.. _log, again], sent), ViolationKind.Duplicated);
        AssertFound(JudgeLog(_log, [.. sent[..2], sent[3], sent[2], sent[4]]), ViolationKind.Reordered);
        AssertFound(JudgeLog(_log, sent[..4]), ViolationKind.Phantom);
        AssertFound(JudgeLog(_log, [.. sent[..4], sent[4] with { Content = "user: another" }]), ViolationKind.Corrupted);
        AssertFound(JudgeLog(_log, [.. sent[..4], sent[4] with { Cursor = new EventCursor(6, "other") }]), ViolationKind.Lost);
    }

    [Fact]
    public void The_judge_of_a_list_finds_the_fault()
    {
        var dialog = new DialogRecord("dialog", Dialog, _log, [], [], Welcome: 1);
        Entry[] all = [Greeting(0), .. Enumerable.Range(2, 5).Select(i => Listed(i - 1, i, $"user: text {i}"))];

        AssertFound(JudgeList(all, dialog), null);
        AssertFound(JudgeList(all[..5], dialog), ViolationKind.Lost);
        AssertFound(JudgeList([.. all, Listed(6, 6, "user: text 6")], dialog), ViolationKind.Duplicated);
        AssertFound(JudgeList([.. all, Listed(6, 7, "user: text 7")], dialog), ViolationKind.Phantom);
        AssertFound(JudgeList([.. all[..5], Listed(5, 6, "user: another")], dialog), ViolationKind.Corrupted);
        AssertFound(JudgeList([.. all[..5], Listed(6, 6, "user: text 6")], dialog), ViolationKind.Lost);
    }

    private static Violations JudgeLog(IReadOnlyList<LogEvent> log, IReadOnlyList<AcknowledgedMessage> sent)
    {
        var violations = new Violations();
        LogJudge.Judge(new DialogRecord("dialog", Dialog, log, sent, [], Welcome: 1), violations);
        return violations;
    }

    private static Violations JudgeList(IReadOnlyList<Entry> entries, DialogRecord dialog)
    {
        var violations = new Violations();
        ListJudge.Judge("list", entries, [dialog], violations);
        return violations;
    }

    private static void AssertFound(Violations violations, ViolationKind? expected)
    {
        var found = violations.First.Select(violation => violation.Kind).ToHashSet();
        if (expected is { } kind)
        {
            Assert.Contains(kind, found);
        }
        else
        {
            Assert.Empty(violations.First);
        }
    }

    /// <summary>c3: greeted at 3; c3!: and resumed; x: lost; gap4; 4, other4, bad4, foreign4: an event, or one with a fault.</summary>
    private static Entry ToEntry(string word)
    {
        var digits = word.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyz").TrimEnd('!');
        var seq = digits.Length == 0 ? 0 : int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        return word switch
        {
            "x" => new Entry { Kind = EntryKind.Lost, At = 0 },
            ['c', ..] => Greeting(seq) with { Recovered = word.EndsWith('!') },
            ['g', ..] => new Entry { Kind = EntryKind.Gap, At = 0, Cursor = At(seq) },
            _ => new Entry
            {
                Kind = EntryKind.Event,
                At = 0,
                Cursor = word.StartsWith("other", StringComparison.Ordinal) ? new EventCursor(seq, "other") : At(seq),
                DialogId = word.StartsWith("foreign", StringComparison.Ordinal) ? 8 : Dialog,
                Content = word.StartsWith("bad", StringComparison.Ordinal) ? "user: another" : $"user: text {seq}",
            },
        };
    }

    private static Entry Greeting(int seq) => new() { Kind = EntryKind.Connected, At = 0, Cursor = At(seq), Node = "node" };

    private static Entry Listed(int place, int seq, string content) =>
        new() { Kind = EntryKind.Event, At = 0, Cursor = At(place), DialogId = Dialog, Content = $"{seq} {content}" };

    private static EventCursor At(int seq) => new(seq, $"n{seq}");
}
