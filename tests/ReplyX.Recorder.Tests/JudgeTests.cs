using ReplyX.Client;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;

namespace ReplyX.Recorder.Tests;

/// <summary>Puts each fault into a record that has none, and sees the judges find it.</summary>
public sealed class JudgeTests
{
    private const long Dialog = 7;

    private static readonly AuditedDialog _dialog = new()
    {
        Id = Dialog,
        Log = [.. Enumerable.Range(1, 6).Select(i => new AuditedEvent(At(i), i == 1 ? "assistant: hello" : $"user: text {i}"))],
        Acknowledged = [],
        Steps = [],
        Start = 1,
    };

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
        { "c1! 2 3 foreign4 5 6", nameof(ViolationKind.Foreign) },
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

        SocketJudge.OfDialog("socket", [.. history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ToEntry)], default, _dialog, violations);

        AssertFound(violations, expected.Length == 0 ? null : Enum.Parse<ViolationKind>(expected));
    }

    [Fact]
    public void A_socket_that_was_closed_is_not_due_what_came_later()
    {
        Entry[] seen = [.. "c1! 2 3 4".Split(' ').Select(ToEntry)];

        AssertFound(JudgeUpTo(seen, 4), null);
        AssertFound(JudgeUpTo(seen, 5), ViolationKind.Lost);
        AssertFound(JudgeUpTo(seen, 3), ViolationKind.Phantom);

        static Violations JudgeUpTo(Entry[] seen, long last)
        {
            var violations = new Violations();
            SocketJudge.OfDialog("socket", seen, default, _dialog.UpTo(last), violations);
            return violations;
        }
    }

    [Fact]
    public void The_judge_of_a_list_finds_the_fault()
    {
        Entry[] all = [Greeting(0), .. Enumerable.Range(2, 5).Select(i => Listed(i - 1, i))];

        AssertFound(JudgeList(all), null);
        AssertFound(JudgeList(all[..5]), ViolationKind.Lost);
        AssertFound(JudgeList([.. all, Listed(6, 6)]), ViolationKind.Duplicated);
        AssertFound(JudgeList([.. all[..3], new Entry { Kind = EntryKind.Lost, At = 0 }, Greeting(1), .. all[3..]]), ViolationKind.FalseRecovery);
    }

    [Fact]
    public void What_the_library_repaired_counts()
    {
        var violations = new Violations();

        SocketJudge.OfDialog("socket", [Greeting(6)], new ConnectionStatistics { Duplicates = 3 }, _dialog, violations);

        Assert.Equal(3, violations[ViolationKind.Duplicated]);
    }

    private static Violations JudgeList(IReadOnlyList<Entry> entries)
    {
        var violations = new Violations();
        SocketJudge.OfList("list", entries, default, [_dialog], violations);
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
            _ => Event(new ReceivedEvent
            {
                Position = word.StartsWith("other", StringComparison.Ordinal) ? new EventCursor(seq, "other") : At(seq),
                DialogId = word.StartsWith("foreign", StringComparison.Ordinal) ? 8 : Dialog,
                EventSeq = seq,
                Content = word.StartsWith("bad", StringComparison.Ordinal) ? "user: another" : $"user: text {seq}",
            }),
        };
    }

    private static Entry Event(ReceivedEvent received) => new() { Kind = EntryKind.Event, At = 0, Cursor = received.Position, Received = received };

    private static Entry Greeting(int seq) => new() { Kind = EntryKind.Connected, At = 0, Cursor = At(seq), Node = "node" };

    private static Entry Listed(int place, int seq) => Event(
        new ReceivedEvent { Position = new EventCursor(place, $"n{seq}"), DialogId = Dialog, EventSeq = seq, Content = $"user: text {seq}" });

    private static EventCursor At(int seq) => new(seq, $"n{seq}");
}
