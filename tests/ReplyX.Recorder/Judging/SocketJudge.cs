using ReplyX.Client;
using ReplyX.Recorder.Sockets;

namespace ReplyX.Recorder.Judging;

/// <summary>Compares what one socket saw with the log, from where it first connected.</summary>
internal sealed class SocketJudge(string name, IReadOnlyList<Entry> entries, Violations violations)
{
    /// <summary>A cursor this close to the log's end is held, whatever is trimmed.</summary>
    private const int SurelyHeld = 200;
    private const int Around = 4;

    private readonly Dictionary<long, int> _seenAt = [];

    /// <summary>Events that came, each counted once.</summary>
    public long Delivered => _seenAt.Count;

    /// <summary>Greetings that said that the server resumed.</summary>
    public long Recoveries { get; private set; }

    /// <summary>Greetings that said that it could not.</summary>
    public long Reloads { get; private set; }

    /// <summary>Judges it.</summary>
    /// <param name="log">What it had to see, by number; numbers before its start included.</param>
    /// <param name="dialogId">The dialog; null for the account's list.</param>
    /// <param name="isSame">Whether what it saw under a number is what the log has there.</param>
    public void Judge(IReadOnlyDictionary<long, EventCursor> log, long? dialogId, Func<Entry, bool> isSame)
    {
        if (entries.FirstOrDefault(entry => entry.Kind == EntryKind.Connected) is not { } first)
        {
            violations.Add(ViolationKind.NotConnected, $"{name} was never connected");
            return;
        }

        var last = first.Cursor;
        var highest = first.Cursor.Seq;
        EventCursor? promised = null;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            switch (entry.Kind)
            {
                case EntryKind.Connected:
                    promised = JudgeGreeting(entry, last, i, log.Count == 0 ? 0 : log.Keys.Max());
                    break;
                case EntryKind.Gap:
                    Add(ViolationKind.Lost, i, $"the client gave up events up to {entry.Cursor.Seq}: {entry.Content}");
                    break;
                case EntryKind.Event or EntryKind.Reloaded:
                    if (promised is { } from && entry.Cursor.Seq != from.Seq + 1)
                    {
                        Add(ViolationKind.FalseRecovery, i, $"resumed at {from} and went on with {entry.Cursor}");
                    }

                    promised = null;
                    JudgeEvent(entry, i, log, dialogId, isSame, highest);
                    highest = Math.Max(highest, entry.Cursor.Seq);
                    last = entry.Cursor;
                    break;
            }
        }

        foreach (var missing in log.Values.Where(cursor => cursor.Seq > first.Cursor.Seq && !_seenAt.ContainsKey(cursor.Seq)).OrderBy(cursor => cursor.Seq))
        {
            var next = _seenAt.Where(seen => seen.Key > missing.Seq).Select(seen => seen.Value).DefaultIfEmpty(entries.Count - 1).Min();
            Add(ViolationKind.Lost, next, $"event {missing} never came");
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
            if (top - last.Seq < SurelyHeld)
            {
                Add(ViolationKind.FalseRecovery, at, $"was not resumed at {last}, which the log holds");
            }
        }

        return null;
    }

    private void JudgeEvent(
        Entry entry, int at, IReadOnlyDictionary<long, EventCursor> log, long? dialogId, Func<Entry, bool> isSame, long highest)
    {
        var seq = entry.Cursor.Seq;
        if (!_seenAt.TryAdd(seq, at))
        {
            Add(ViolationKind.Duplicated, at, $"event {entry.Cursor} came again");
            return;
        }

        if (seq <= highest)
        {
            Add(ViolationKind.Reordered, at, $"event {entry.Cursor} came after event {highest}");
        }

        if (!log.TryGetValue(seq, out var held) || held != entry.Cursor)
        {
            Add(ViolationKind.Phantom, at, $"event {entry.Cursor} came, where the log has {(log.ContainsKey(seq) ? held.ToString() : "nothing")}");
        }
        else if (!isSame(entry) || (dialogId is { } id && entry.DialogId != id))
        {
            Add(ViolationKind.Corrupted, at, $"event {entry.Cursor} came as dialog {entry.DialogId}'s \"{entry.Content}\"");
        }
    }

    private void Add(ViolationKind kind, int at, string what)
    {
        var from = Math.Max(0, at - Around);
        var around = entries.Skip(from).Take((2 * Around) + 1).Select((entry, i) => (from + i == at ? "  > " : "    ") + entry);
        violations.Add(kind, $"{name}: {what}\n{string.Join('\n', around)}");
    }
}
