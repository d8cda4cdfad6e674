using ReplyX.Client;
using ReplyX.Recorder.Judging;
using ReplyX.Recorder.Sockets;

namespace ReplyX.Recorder.Tests;

/// <summary>What may be lost with a master, and how: told, or it is a fault.</summary>
public sealed class ToldLossesTests
{
    private const long Dialog = 7;

    /// <summary>The log at the end: 4, which was acknowledged, is another one now.</summary>
    private static readonly AuditedDialog _dialog = new()
    {
        Id = Dialog,
        Log = [.. Enumerable.Range(1, 6).Select(i => new AuditedEvent(At(i), i == 1 ? "assistant: hello" : $"user: text {i}"))],
        Acknowledged =
        [
            .. Enumerable.Range(2, 2).Select(i => Sent(At(i))),
            Sent(Lost(4)) with { Content = "user: lost 4", Name = "lost" },
            .. Enumerable.Range(4, 3).Select(i => Sent(At(i))),
        ],
        Steps = [],
        Start = 1,
    };

    public static TheoryData<string, bool> Histories => new()
    {
        { "c1! 2 3 4 5 6", true },
        { "c1! 2 3 lost4 x c3 4 5 6", true },
        { "c1! 2 3 lost4 lost5 x c3 4 5 6", true },
        { "c1! 2 3 lost4 x c3 4 5", false },
        { "c1! 2 3 lost4 x c3 4 6 5", false },
        { "c1! 2 3 lost4 5 6", false },
        { "c1! 2 3 lost4 x c4! 5 6", false },
        { "c1! 2 3 4 5 6 lost7", false },
        { "c1! 2 3 x c3 4 5 6 lost7 x c6", true },
        { "c1! 2 3 lost4 x clost4! x c3 4 5 6", true },
        { "c1! 2 3 lost4 x clost4! 5 6", false },
        { "c1! 2 3 lost4 x c3 x c3 4 5 6", true },
        { "c1! 2 3 lost4 x c3 x c3! 4 5 6", true },
        { "c1! 2 3 lost4 x c3 x c3 4 x c5 5 6", false },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_lost_event_is_forgiven_where_it_is_told(string history, bool isGood)
    {
        var violations = new Violations();
        var socket = new SeenSocket([.. history.Split(' ').Select(ToEntry)]);

        var losses = ToldLosses.Find([new DialogRecord("dialog", _dialog)], [socket], mayLoseAcknowledged: true, violations);
        var left = losses.LeftOf(_dialog);
        Assert.True(DeliveryAudit.OfLog(left).IsClean);
        SocketJudge.OfDialog("socket", losses.LeftOf("socket", Dialog, socket.Timeline.Entries), default, left, violations);

        Assert.Equal(1, losses.Acknowledged);
        Assert.True(isGood != violations.Any, string.Join('\n', violations.First));
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public void Where_a_replica_is_waited_for_only_what_was_not_acknowledged_yet_is_forgiven(string history, bool isGood)
    {
        var violations = new Violations();
        var unconfirmed = _dialog with { Acknowledged = [.. _dialog.Acknowledged.Where(sent => sent.Name != "lost")] };
        var socket = new SeenSocket([.. history.Split(' ').Select(ToEntry)]);

        var losses = ToldLosses.Find([new DialogRecord("dialog", unconfirmed)], [socket], mayLoseAcknowledged: false, violations);
        SocketJudge.OfDialog("socket", losses.LeftOf("socket", Dialog, socket.Timeline.Entries), default, losses.LeftOf(unconfirmed), violations);
        Assert.True(isGood != violations.Any, string.Join('\n', violations.First));
        Assert.Equal(0, losses.Acknowledged);
        Assert.True(DeliveryAudit.OfLog(losses.LeftOf(unconfirmed)).IsClean);

        // The same, acknowledged.
        losses = ToldLosses.Find([new DialogRecord("dialog", _dialog)], [socket], mayLoseAcknowledged: false, violations);
        Assert.Equal(1, losses.Acknowledged);
        Assert.False(DeliveryAudit.OfLog(losses.LeftOf(_dialog)).IsClean);
    }

    [Fact]
    public void Without_losses_nothing_is_forgiven()
    {
        var whole = _dialog with { Acknowledged = [.. _dialog.Acknowledged.Where(sent => sent.Name != "lost")] };
        var violations = new Violations();
        var losses = ToldLosses.Find([new DialogRecord("dialog", whole)], [], mayLoseAcknowledged: true, violations);

        Assert.Empty(losses.Dialogs);
        Assert.True(DeliveryAudit.OfLog(losses.LeftOf(whole)).IsClean);
        Assert.False(DeliveryAudit.OfLog(losses.LeftOf(whole with { Log = [.. whole.Log, new AuditedEvent(At(7), "user: who?")] })).IsClean);
    }

    private static EventCursor At(long seq) => new(seq, $"n{seq}");

    private static EventCursor Lost(long seq) => new(seq, $"lost{seq}");

    private static AcknowledgedEvent Sent(EventCursor cursor) => new(cursor, $"user: text {cursor.Seq}", "visitor", $"k{cursor}");

    private static Entry ToEntry(string word)
    {
        if (word == "x")
        {
            return new Entry { Kind = EntryKind.Lost, At = 0, Reason = "cut" };
        }

        if (word[0] == 'c')
        {
            var place = word[1..].TrimEnd('!');
            var at = place.StartsWith("lost", StringComparison.Ordinal) ? Lost(long.Parse(place.AsSpan("lost".Length), null)) : At(long.Parse(place, null));
            return new Entry { Kind = EntryKind.Connected, At = 0, Cursor = at, Recovered = word.EndsWith('!') };
        }

        var isLost = word.StartsWith("lost", StringComparison.Ordinal);
        var seq = long.Parse(isLost ? word["lost".Length..] : word, null);
        var cursor = isLost ? Lost(seq) : At(seq);
        var received = new ReceivedEvent { Position = cursor, DialogId = Dialog, EventSeq = seq, Content = $"user: {(isLost ? "lost" : "text")} {seq}" };
        return new Entry { Kind = EntryKind.Event, At = 0, Cursor = cursor, Received = received };
    }

    private sealed class SeenSocket : IRecordedSocket
    {
        public SeenSocket(IReadOnlyList<Entry> entries)
        {
            foreach (var entry in entries)
            {
                switch (entry)
                {
                    case { Kind: EntryKind.Connected }:
                        Timeline.Connected(entry.Cursor, entry.Recovered, "node");
                        break;
                    case { Received: { } received }:
                        Timeline.Event(received, null, fromHistory: false);
                        break;
                    default:
                        Timeline.Lost(null, null, "cut");
                        break;
                }
            }
        }

        public string Name => "socket";

        public long? DialogId => Dialog;

        public Timeline Timeline { get; } = new(TimeProvider.System);

        public ConnectionStatistics Repairs => default;

        public string? End => null;

        public Task StartAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
