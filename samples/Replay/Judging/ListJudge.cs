using ReplyX.Client;

namespace ReplyX.Samples.Replay.Judging;

/// <summary>
/// Compares what was acknowledged with what each list socket got: one entry an event, from the one on that brings the dialog into the
/// list, which is the visitor's first message or a step of the handoff.
/// </summary>
internal sealed class ListJudge
{
    private readonly List<string> _faults = [];

    internal ListJudge(IReadOnlyList<(DialogRecord Dialog, DialogJudge Judge)> dialogs, IReadOnlyList<SocketRecord> sockets)
    {
        var due = dialogs.ToDictionary(d => d.Dialog.DialogId, d => Due(d.Dialog, d.Judge));
        var texts = dialogs.ToDictionary(d => d.Dialog.DialogId, d => d.Judge);
        Tally = sockets.Aggregate(default(DeliveryTally), (sum, socket) => sum + Judge(socket, due, texts));
    }

    internal DeliveryTally Tally { get; }

    /// <summary>What is wrong, in words.</summary>
    internal IReadOnlyList<string> Faults => _faults;

    private static HashSet<EventCursor> Due(DialogRecord dialog, DialogJudge judge)
    {
        var all = judge.Due.ToList();
        var steps = dialog.Log.OfType<HandoffEvent>().Select(h => h.Seq);
        var visitors = dialog.Sent.Where(s => s.Sender == "user").Select(s => s.Cursor.Seq);
        var listedFrom = steps.Concat(visitors).DefaultIfEmpty(long.MaxValue).Min();
        return [.. all.Where(c => c.Seq >= listedFrom)];
    }

    private DeliveryTally Judge(SocketRecord socket, Dictionary<long, HashSet<EventCursor>> due, Dictionary<long, DialogJudge> texts)
    {
        var seen = new HashSet<(long Dialog, EventCursor Event)>();
        var news = new HashSet<long>();
        long lastInFeed = 0, delivered = 0, duplicated = 0, reordered = 0, phantom = 0, corrupted = 0;
        foreach (var entry in socket.Events.OfType<DialogListEvent>())
        {
            if (entry.Seq <= lastInFeed)
            {
                reordered++;
            }

            lastInFeed = Math.Max(lastInFeed, entry.Seq);
            if (entry.DialogId is not { } dialog || !due.TryGetValue(dialog, out var wanted))
            {
                continue; // Somebody else's dialog: the account is shared.
            }

            var about = new EventCursor(entry.LastSeq, entry.Cursor!.Value.Nonce); // An entry has the nonce of the event that it is about.
            if (!wanted.Contains(about))
            {
                phantom++;
                _faults.Add($"{socket.Role} on {socket.Node}: dialog {dialog} event {about} was never acknowledged");
                continue;
            }

            if (!seen.Add((dialog, about)))
            {
                duplicated++;
                continue;
            }

            delivered++;
            var isFirst = news.Add(dialog);
            var text = texts[dialog].TextOf(entry.LastSeq);
            if (text?.StartsWith(entry.Preview ?? "", StringComparison.Ordinal) == false || entry.IsNew != isFirst)
            {
                corrupted++;
                _faults.Add($"{socket.Role} on {socket.Node}: dialog {dialog} event {about} has another preview, or is new at the wrong time");
            }
        }

        var expected = due.Values.Sum(wanted => (long)wanted.Count);
        var repaired = socket.Statistics;
        if (delivered < expected || duplicated + reordered + repaired.Duplicates + repaired.Holes > 0)
        {
            _faults.Add(
                $"{socket.Role} on {socket.Node}: {expected - delivered} missing, {duplicated + repaired.Duplicates} again, {reordered + repaired.Holes} out of order");
        }

        return new DeliveryTally
        {
            Expected = expected,
            Delivered = delivered,
            Duplicated = duplicated + repaired.Duplicates,
            Reordered = reordered + repaired.Holes + repaired.Conflicts,
            Phantom = phantom,
            Corrupted = corrupted + repaired.Malformed,
        };
    }
}
