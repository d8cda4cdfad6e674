using ReplyX.Client;
using ReplyX.Recorder.Sockets;

namespace ReplyX.Recorder.Judging;

/// <summary>
/// What a failover took away: events that came to a socket, or where no replica was waited for were acknowledged, and are not in the log
/// any more. That is allowed; that a socket is not told of it is not. What is left is judged as always, and where a replica was waited for
/// that is all that was acknowledged.
/// </summary>
/// <remarks>
/// A socket on a dialog that has such an event must be greeted with <c>recovered: false</c> before anything else comes to it. A list hears
/// of dialogs that lost something by what is written in them next; its own feed may have been rolled back, and told again from there.
/// </remarks>
internal sealed class ToldLosses
{
    private readonly Dictionary<long, HashSet<EventCursor>> _held = [];
    private readonly bool _mayLoseAcknowledged;
    private readonly Violations _violations;

    private ToldLosses(bool mayLoseAcknowledged, Violations violations) => (_mayLoseAcknowledged, _violations) = (mayLoseAcknowledged, violations);

    /// <summary>Acknowledged events that are lost.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Dialogs that lost something that was acknowledged, or that a socket had.</summary>
    public HashSet<long> Dialogs { get; } = [];

    /// <summary>Takes what is lost out of what was acknowledged and of what sockets got.</summary>
    /// <param name="records">The dialogs at the end.</param>
    /// <param name="sockets">All sockets there were on dialogs.</param>
    /// <param name="mayLoseAcknowledged">Whether that is allowed. If not, a dialog is left with all of it, and misses what is lost.</param>
    /// <param name="violations">Told of what was not told to a socket.</param>
    /// <returns>The losses.</returns>
    public static ToldLosses Find(IReadOnlyList<DialogRecord> records, IEnumerable<IRecordedSocket> sockets, bool mayLoseAcknowledged, Violations violations)
    {
        var losses = new ToldLosses(mayLoseAcknowledged, violations);
        foreach (var (_, dialog) in records)
        {
            losses._held[dialog.Id] = [.. dialog.Log.Select(held => held.Cursor)];
            losses.Add(dialog.Id, dialog.Acknowledged.Select(sent => sent.Cursor));
            losses.Acknowledged += dialog.Acknowledged.Count(sent => losses.IsLost(dialog.Id, sent.Cursor));
        }

        foreach (var socket in sockets)
        {
            losses.Add(socket.DialogId!.Value, socket.Timeline.Entries.Where(entry => entry.Received is not null || entry.Kind == EntryKind.Connected).Select(entry => entry.Cursor));
        }

        return losses;
    }

    /// <summary>Whether an event is lost.</summary>
    public bool IsLost(long dialogId, EventCursor cursor) => cursor.Seq > 0 && !_held[dialogId].Contains(cursor);

    /// <summary>A dialog as far as it is not lost.</summary>
    public AuditedDialog LeftOf(AuditedDialog dialog)
    {
        if (!_mayLoseAcknowledged)
        {
            return dialog;
        }

        var left = dialog.Acknowledged.Where(sent => !IsLost(dialog.Id, sent.Cursor)).ToList();
        var sent = left.Select(e => e.Cursor).ToHashSet();

        // Acknowledgements of steps name no event: those that are left are the log's, which must be some of the acknowledged ones in their order.
        List<HandoffState> steps =
        [
            .. dialog.Log
                .Where(held => held.Cursor.Seq > dialog.Start && !sent.Contains(held.Cursor))
                .SelectMany(held => Enum.GetValues<HandoffState>().Where(state => EventContent.Handoff(state) == held.Content)),
        ];
        using var acknowledged = dialog.Steps.GetEnumerator();
        var areLeft = steps.TrueForAll(step =>
        {
            while (acknowledged.MoveNext())
            {
                if (acknowledged.Current == step)
                {
                    return true;
                }
            }

            return false;
        });
        return dialog with { Acknowledged = left, Steps = areLeft ? steps : dialog.Steps };
    }

    /// <summary>What a socket on a dialog saw, without what is lost. Adds to the violations what it was not told of.</summary>
    public IReadOnlyList<Entry> LeftOf(string socket, long dialogId, IReadOnlyList<Entry> entries)
    {
        if (!Dialogs.Contains(dialogId))
        {
            return entries;
        }

        var left = new List<Entry>();
        var (isBehind, isTold, isFirst) = (false, false, true);
        EventCursor? at = null;
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                // It stays told until it has what takes the place of the lost: it may be cut before it has read that.
                case EntryKind.Connected when isBehind && !entry.Recovered:
                    isTold = true;
                    left.Add(entry with { TellsOfLoss = true });
                    continue;
                // It was resumed there before the loss.
                case EntryKind.Connected when isBehind && IsLost(dialogId, entry.Cursor):
                    (isTold, at) = (false, entry.Cursor);
                    continue;
                case EntryKind.Event or EntryKind.Reloaded when IsLost(dialogId, entry.Cursor):
                    (isBehind, isTold, at) = (true, false, entry.Cursor);
                    continue;
                case EntryKind.Connected or EntryKind.Event or EntryKind.Reloaded:
                    // Whatever follows a lost event without a word is a hole that nobody was told of.
                    if (isBehind && !isTold)
                    {
                        _violations.Add(ViolationKind.FalseRecovery, $"{socket}: {entry} came to it, and nothing had told it that {at} is lost");
                    }

                    (isBehind, isTold) = (false, false);

                    // Where it began, or was resumed, may be lost as well as what it got.
                    if (entry.Kind == EntryKind.Connected && (isFirst || entry.Recovered) && IsLost(dialogId, entry.Cursor))
                    {
                        (isBehind, at) = (true, entry.Cursor);
                    }

                    isFirst = false;
                    break;
            }

            // The client says how far it went back.
            if (entry.Kind != EntryKind.Gap)
            {
                left.Add(entry);
            }
        }

        if (isBehind && !isTold)
        {
            _violations.Add(ViolationKind.FalseRecovery, $"{socket} was never told that {at} is lost");
        }

        return Unrepeated(left);
    }

    /// <summary>
    /// What a list saw, without entries about lost events and without what was told again after a greeting that said that the feed was rolled
    /// back. Between two such greetings the feed's numbers must follow each other all the same.
    /// </summary>
    /// <returns>The entries, numbered anew, and whether it was told to reload: then it need not have all.</returns>
    public (IReadOnlyList<Entry> Entries, bool IsReloaded) LeftOfList(string socket, IReadOnlyList<Entry> entries)
    {
        var left = new List<Entry>();
        var seen = new HashSet<(long Dialog, EventCursor Event)>();
        var isReloaded = false;
        long? last = null;
        var place = 0L;
        foreach (var entry in entries)
        {
            if (entry is { Kind: EntryKind.Connected, Recovered: false } && left.Count > 0)
            {
                isReloaded = true;
                last = null;
            }

            if (entry.Received is not { DialogId: { } id } received)
            {
                if (entry.Kind is not (EntryKind.Gap or EntryKind.Connected))
                {
                    left.Add(entry);
                }

                continue;
            }

            if (last is { } before && entry.Cursor.Seq != before + 1)
            {
                _violations.Add(ViolationKind.Reordered, $"{socket}: entry {entry.Cursor} of the feed came after {before}, and nothing had told it to reload");
            }

            last = entry.Cursor.Seq;
            var about = new EventCursor(received.EventSeq, entry.Cursor.Nonce);
            if ((!_held.TryGetValue(id, out var held) || held.Contains(about)) && (seen.Add((id, about)) || !isReloaded))
            {
                var cursor = new EventCursor(++place, entry.Cursor.Nonce);

                // Of a dialog that is told of anew nothing says whether it is new.
                left.Add(entry with { Cursor = cursor, Received = received with { Position = cursor, IsNew = Dialogs.Contains(id) || isReloaded ? null : received.IsNew } });
            }
        }

        return (left, isReloaded);
    }

    // After a reload some come again that were there before the loss, and are the same.
    private static List<Entry> Unrepeated(List<Entry> entries)
    {
        var seen = new HashSet<EventCursor>();
        var wasTold = false;
        var left = new List<Entry>();
        foreach (var entry in entries)
        {
            wasTold |= entry is { Kind: EntryKind.Connected, Recovered: false } && seen.Count > 0;
            if (entry.Received is null || seen.Add(entry.Cursor) || !(wasTold && entry.Kind == EntryKind.Reloaded))
            {
                left.Add(entry);
            }
        }

        return left;
    }

    private void Add(long dialogId, IEnumerable<EventCursor> cursors)
    {
        if (cursors.Any(cursor => IsLost(dialogId, cursor)))
        {
            Dialogs.Add(dialogId);
        }
    }
}
