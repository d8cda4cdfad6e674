using ReplyX.Recorder.Sockets;

namespace ReplyX.Recorder.Judging;

/// <summary>
/// Compares what the sockets on the account's list saw with the logs of all dialogs: one entry an event, from the one on that brings
/// its dialog into the list.
/// </summary>
internal static class ListJudge
{
    /// <summary>What a preview has at most.</summary>
    private const int PreviewLength = 120;

    /// <summary>Judges one socket.</summary>
    /// <param name="name">The socket's, for the reader of a violation.</param>
    /// <param name="entries">What it saw, from before the first message.</param>
    /// <param name="dialogs">All dialogs of the account.</param>
    /// <param name="violations">Told of what is wrong.</param>
    /// <returns>The judge, which has counted.</returns>
    public static SocketJudge Judge(string name, IReadOnlyList<Entry> entries, IReadOnlyList<DialogRecord> dialogs, Violations violations)
    {
        // The feed has no history to compare with: its numbers must have no hole, and its entries be those of the dialogs' logs.
        var events = entries.Where(entry => entry.Kind is EntryKind.Event or EntryKind.Reloaded).ToList();
        var feed = events.GroupBy(entry => entry.Cursor.Seq).ToDictionary(entry => entry.Key, entry => entry.First().Cursor);
        var judge = new SocketJudge(name, entries, violations);
        judge.Judge(feed, dialogId: null, static _ => true);
        if (feed.Count > 0 && feed.Keys.Max() - feed.Keys.Min() + 1 != feed.Count)
        {
            var missing = Enumerable.Range(0, int.MaxValue).Select(i => feed.Keys.Min() + i).First(seq => !feed.ContainsKey(seq));
            violations.Add(ViolationKind.Lost, $"{name}: entry {missing} of the feed never came");
        }

        var seen = events.DistinctBy(entry => entry.Cursor.Seq).ToLookup(entry => (entry.DialogId, Seq: SeqOf(entry)));
        var due = dialogs.SelectMany(Due).ToDictionary(wanted => (wanted.Id, wanted.Event.Cursor.Seq), wanted => wanted.Event);
        foreach (var (at, wanted) in due)
        {
            var times = seen[at].Count();
            if (times != 1)
            {
                violations.Add(
                    times == 0 ? ViolationKind.Lost : ViolationKind.Duplicated, $"{name}: event {wanted.Cursor} of dialog {at.Id} is in the feed {times} times");
            }
            else if (!IsAbout(seen[at].Single().Content!, wanted))
            {
                violations.Add(ViolationKind.Corrupted, $"{name}: event {wanted.Cursor} of dialog {at.Id} is in the feed as \"{seen[at].Single().Content}\"");
            }
        }

        foreach (var unknown in seen.Where(entry => !due.ContainsKey(entry.Key)))
        {
            violations.Add(ViolationKind.Phantom, $"{name}: the feed has event {unknown.Key.Seq} of dialog {unknown.Key.DialogId}, which is none that lists");
        }

        return judge;
    }

    private static IEnumerable<(long Id, LogEvent Event)> Due(DialogRecord dialog)
        => dialog.Log.SkipWhile(held => !held.IsListing).Select(held => (dialog.Id, held));

    private static long SeqOf(Entry entry)
        => long.Parse(entry.Content!.AsSpan(0, entry.Content!.IndexOf(' ', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A preview is the start of the text, and not much shorter than it may be.</summary>
    private static bool IsAbout(string listed, LogEvent about)
    {
        var said = listed[(listed.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return about.Content.StartsWith(said, StringComparison.Ordinal) && (said.Length == about.Content.Length || said.Length > PreviewLength / 2);
    }
}
