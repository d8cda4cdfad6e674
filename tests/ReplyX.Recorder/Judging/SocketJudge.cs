using ReplyX.Client;
using ReplyX.Recorder.Sockets;

namespace ReplyX.Recorder.Judging;

/// <summary>
/// Judges what one socket saw from where it first connected: what came by the audit that everybody uses, and here, besides, whether
/// the server's word on resuming was the truth.
/// </summary>
internal sealed class SocketJudge
{
    /// <summary>A cursor this close to the log's end is held, whatever is trimmed.</summary>
    private const int SurelyHeld = 200;
    private const int Around = 4;

    private readonly string _name;
    private readonly IReadOnlyList<Entry> _entries;
    private readonly Violations _violations;
    private readonly List<ReceivedEvent> _received = [];
    private readonly List<int> _places = [];

    private SocketJudge(string name, IReadOnlyList<Entry> entries, Violations violations)
    {
        _name = name;
        _entries = entries;
        _violations = violations;
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Received is { } received)
            {
                _received.Add(received);
                _places.Add(i);
            }
        }
    }

    /// <summary>Events that came, each counted once.</summary>
    public long Delivered { get; private set; }

    /// <summary>Greetings that said that the server resumed.</summary>
    public long Recoveries { get; private set; }

    /// <summary>Greetings that said that it could not.</summary>
    public long Reloads { get; private set; }

    /// <summary>Judges a socket on a dialog.</summary>
    /// <param name="socket">The socket's name, for the reader of a violation.</param>
    /// <param name="entries">What it saw.</param>
    /// <param name="repairs">What the client library put right.</param>
    /// <param name="dialog">The dialog.</param>
    /// <param name="violations">Told of what is wrong.</param>
    /// <returns>The judge, which has counted.</returns>
    public static SocketJudge OfDialog(
        string socket, IReadOnlyList<Entry> entries, ConnectionStatistics repairs, AuditedDialog dialog, Violations violations)
    {
        var judge = new SocketJudge(socket, entries, violations);
        judge.Judge(dialog.Log.Count == 0 ? 0 : dialog.Log[^1].Cursor.Seq, from => DeliveryAudit.OfSocket(dialog, from, judge._received, repairs));
        return judge;
    }

    /// <summary>Judges a socket on the account's list.</summary>
    /// <param name="socket">The socket's name, for the reader of a violation.</param>
    /// <param name="entries">What it saw, from before the first message.</param>
    /// <param name="repairs">What the client library put right.</param>
    /// <param name="dialogs">All dialogs of the account.</param>
    /// <param name="violations">Told of what is wrong.</param>
    /// <returns>The judge, which has counted.</returns>
    public static SocketJudge OfList(
        string socket, IReadOnlyList<Entry> entries, ConnectionStatistics repairs, IReadOnlyCollection<AuditedDialog> dialogs, Violations violations)
    {
        var judge = new SocketJudge(socket, entries, violations);
        var top = judge._received.Select(received => received.Position.Seq).DefaultIfEmpty(0).Max();
        judge.Judge(top, _ => DeliveryAudit.OfList(dialogs, judge._received, repairs: repairs));
        return judge;
    }

    /// <summary>Judges a socket on the account's list where dialogs, or the list's own feed, may have lost something and it was told so.</summary>
    /// <param name="socket">The socket's name, for the reader of a violation.</param>
    /// <param name="entries">What it saw.</param>
    /// <param name="losses">What is lost.</param>
    /// <param name="dialogs">All dialogs of the account, as far as they are not lost.</param>
    /// <param name="violations">Told of what is wrong.</param>
    /// <returns>The judge, which has counted.</returns>
    public static SocketJudge OfListAfterLosses(
        string socket, IReadOnlyList<Entry> entries, ToldLosses losses, IReadOnlyCollection<AuditedDialog> dialogs, Violations violations)
    {
        var (left, isReloaded) = losses.LeftOfList(socket, entries);
        var judge = new SocketJudge(socket, left, violations);
        var audited = DeliveryAudit.OfList(dialogs, judge._received);
        judge.Delivered = audited.Delivered;
        judge.Recoveries = entries.Count(entry => entry is { Kind: EntryKind.Connected, Recovered: true });
        judge.Reloads = entries.Skip(1).Count(entry => entry is { Kind: EntryKind.Connected, Recovered: false });

        // One that reloads is shown the dialogs as they are, and need not have each entry.
        foreach (var finding in audited.Findings.Where(finding => !(isReloaded && finding.Verdict == DeliveryVerdict.Lost)))
        {
            violations.Add(finding, judge.Shown(finding.At is { } at ? judge._places[at] : left.Count - 1, finding.What));
        }

        return judge;
    }

    private void Judge(long top, Func<long, DeliveryAudit> audit)
    {
        if (_entries.FirstOrDefault(entry => entry.Kind == EntryKind.Connected) is not { } first)
        {
            _violations.Add(ViolationKind.NotConnected, $"{_name} was never connected");
            return;
        }

        JudgeResuming(first, top);
        var audited = audit(first.Cursor.Seq);
        Delivered = audited.Delivered;
        foreach (var finding in audited.Findings)
        {
            _violations.Add(finding, Shown(finding.At is { } at ? _places[at] : _entries.Count - 1, finding.What));
        }
    }

    private void JudgeResuming(Entry first, long top)
    {
        var last = first.Cursor;
        EventCursor? promised = null;
        for (var i = 0; i < _entries.Count; i++)
        {
            var entry = _entries[i];
            switch (entry.Kind)
            {
                case EntryKind.Connected:
                    promised = JudgeGreeting(entry, last, i, top);
                    break;
                case EntryKind.Gap:
                    Add(ViolationKind.Lost, i, $"the client gave up events up to {entry.Cursor.Seq}: {entry.Reason}");
                    break;
                case EntryKind.Event or EntryKind.Reloaded:
                    if (promised is { } from && entry.Cursor.Seq != from.Seq + 1)
                    {
                        Add(ViolationKind.FalseRecovery, i, $"resumed at {from} and went on with {entry.Cursor}");
                    }

                    promised = null;
                    last = entry.Cursor;
                    break;
            }
        }
    }

    private EventCursor? JudgeGreeting(Entry greeting, EventCursor last, int at, long top)
    {
        if (greeting.Recovered)
        {
            Recoveries++;
            if (greeting.Cursor != last)
            {
                Add(ViolationKind.FalseRecovery, at, $"resumed at {greeting.Cursor}, where the client was at {last}");
            }

            return greeting.Cursor;
        }

        if (at > 0 && greeting.Cursor != last)
        {
            Reloads++;
            if (!greeting.TellsOfLoss && top - last.Seq < SurelyHeld)
            {
                Add(ViolationKind.FalseRecovery, at, $"was not resumed at {last}, which the log holds");
            }
        }

        return null;
    }

    private void Add(ViolationKind kind, int at, string what) => _violations.Add(kind, Shown(at, what));

    private string Shown(int at, string what)
    {
        var from = Math.Max(0, at - Around);
        var around = _entries.Skip(from).Take((2 * Around) + 1).Select((entry, i) => (from + i == at ? "  > " : "    ") + entry);
        return $"{_name}: {what}\n{string.Join('\n', around)}";
    }
}
