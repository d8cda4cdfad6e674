using System.Collections.Concurrent;
using ReplyX.Client;
using ReplyX.Recorder.Sockets;

namespace ReplyX.Recorder.Traffic;

/// <summary>A dialog, with those who take part in it and all that was acknowledged to them.</summary>
internal sealed class RecordedDialog(int number, VisitorSession visitor, OperatorSession operatorSession)
{
    private const int QuietOnes = 10;
    private const int HandedOverOnes = 5;

    public int Number => number;

    public long Id => visitor.Dialog.Id;

    public VisitorSession Visitor => visitor;

    public OperatorSession Operator => operatorSession;

    /// <summary>The sockets on it that can send, by author.</summary>
    public Dictionary<Author, LibrarySocket> Senders { get; } = [];

    public ConcurrentQueue<AcknowledgedEvent> Sent { get; } = new();

    /// <summary>Messages that were acknowledged twice, in two places.</summary>
    public ConcurrentQueue<(string Key, EventCursor First, EventCursor Second)> Repeats { get; } = new();

    /// <summary>The number of the last acknowledged message.</summary>
    public long LastSent => Sent.LastOrDefault()?.Cursor.Seq ?? 0;

    /// <summary>The states that acknowledged steps of the handoff led to, in their order: one author takes them.</summary>
    public ConcurrentQueue<HandoffState> Steps { get; } = new();

    /// <summary>
    /// Whether there is one message a fault and no other, sent over HTTP the moment that it can be stored: nothing follows it, so that
    /// one whose publish was not heard comes only if the node looks by itself.
    /// </summary>
    public bool IsQuiet => IsQuietOne(number);

    /// <summary>Whether its operator takes it over and gives it back.</summary>
    public bool IsHandedOver => number % HandedOverOnes == HandedOverOnes - 2;

    /// <summary>Whether the dialog of a number is a quiet one.</summary>
    public static bool IsQuietOne(int number) => number % QuietOnes == QuietOnes - 1;

    public override string ToString() => $"dialog {Id} (number {number}, {visitor.Dialog.Channel})";
}
