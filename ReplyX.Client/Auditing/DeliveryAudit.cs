namespace ReplyX.Client;

/// <summary>
/// Compares what was acknowledged with the log, and with what a socket received: every acknowledged event once, in order, as it was
/// sent, and nothing else.
/// </summary>
public sealed class DeliveryAudit
{
    /// <summary>How much of a text an entry of the list has at most.</summary>
    private const int PreviewLength = 120;

    private readonly List<DeliveryFinding> _findings = [];

    private DeliveryAudit()
    {
    }

    /// <summary>How many events were due.</summary>
    public long Expected { get; private set; }

    /// <summary>How many of them came.</summary>
    public long Delivered { get; private set; }

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<DeliveryFinding> Findings => _findings;

    /// <summary>Whether all is as it should be.</summary>
    public bool IsClean => _findings.Count == 0;

    /// <summary>How often something is wrong.</summary>
    /// <param name="verdict">What.</param>
    /// <returns>The sum over all findings of that kind.</returns>
    public long this[DeliveryVerdict verdict] => _findings.Where(finding => finding.Verdict == verdict).Sum(finding => finding.Count);

    /// <summary>Compares a dialog's log with what was acknowledged: each message once, where its acknowledgement says, and nothing else.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <returns>The audit.</returns>
    public static DeliveryAudit OfLog(AuditedDialog dialog)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        var audit = new DeliveryAudit { Expected = dialog.Acknowledged.Count };
        audit.JudgeNumbers(dialog);
        audit.JudgePlaces(dialog);
        audit.JudgeOrderOfSending(dialog.Acknowledged);
        audit.JudgeWhatNobodySent(dialog);
        return audit;
    }

    /// <summary>Compares what one socket on a dialog received with the dialog.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="from">The number of the event that the socket began after.</param>
    /// <param name="received">What it received, in that order.</param>
    /// <param name="repairs">What the client library put right by itself, which the wire should not have needed.</param>
    /// <returns>The audit.</returns>
    public static DeliveryAudit OfSocket(
        AuditedDialog dialog, long from, IReadOnlyList<ReceivedEvent> received, ConnectionStatistics repairs = default)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        ArgumentNullException.ThrowIfNull(received);
        var audit = new DeliveryAudit();
        audit.AddRepairs(repairs);
        audit.JudgeReceived(new Subject([dialog], dialog => dialog.Due), received, from, isList: false, isShared: false);
        return audit;
    }

    /// <summary>
    /// Compares what one socket on an account's list received with the account's dialogs: one entry an event, from the one on that
    /// brings its dialog into the list.
    /// </summary>
    /// <param name="dialogs">The dialogs.</param>
    /// <param name="received">What it received, in that order, from before the first message on.</param>
    /// <param name="isShared">Whether the account has other dialogs, too, of which nothing is known.</param>
    /// <param name="repairs">What the client library put right by itself, which the wire should not have needed.</param>
    /// <returns>The audit.</returns>
    public static DeliveryAudit OfList(
        IReadOnlyCollection<AuditedDialog> dialogs, IReadOnlyList<ReceivedEvent> received, bool isShared = false, ConnectionStatistics repairs = default)
    {
        ArgumentNullException.ThrowIfNull(dialogs);
        ArgumentNullException.ThrowIfNull(received);
        var audit = new DeliveryAudit();
        audit.AddRepairs(repairs);
        audit.JudgeReceived(new Subject(dialogs, dialog => dialog.Due.SkipWhile(due => !due.IsListing)), received, from: 0, isList: true, isShared);
        return audit;
    }

    private void JudgeNumbers(AuditedDialog dialog)
    {
        var log = dialog.Log;
        var first = log.Count > 0 && log[0].Cursor.Seq > 1 ? dialog.Start + 1 : 1;
        for (var i = 0; i < log.Count; i++)
        {
            if (log[i].Cursor.Seq != first + i)
            {
                Add(DeliveryVerdict.Lost, $"the log has event {log[i].Cursor} where event {first + i} should be", i);
                return;
            }
        }
    }

    private void JudgePlaces(AuditedDialog dialog)
    {
        var log = dialog.Log.GroupBy(e => e.Cursor.Seq).ToDictionary(e => e.Key, e => e.First());
        var names = new Dictionary<long, string>();
        foreach (var sent in dialog.Acknowledged)
        {
            var at = sent.Cursor.Seq;
            if (!log.TryGetValue(at, out var held) || held.Cursor != sent.Cursor)
            {
                Add(DeliveryVerdict.Lost, $"{sent.Name} was acknowledged as {sent.Cursor}, where the log has {held?.Cursor.ToString() ?? "nothing"}");
            }
            else if (names.TryGetValue(at, out var other))
            {
                Add(DeliveryVerdict.Lost, $"two messages were acknowledged as {sent.Cursor}: {other} and {sent.Name}");
            }
            else if (held.Content != sent.Content)
            {
                Add(DeliveryVerdict.Corrupted, $"{sent.Name} at {sent.Cursor} is not what was sent");
                Delivered++;
            }
            else
            {
                Delivered++;
            }

            names.TryAdd(at, sent.Name);
        }
    }

    private void JudgeOrderOfSending(IReadOnlyList<AcknowledgedEvent> acknowledged)
    {
        foreach (var own in acknowledged.GroupBy(sent => sent.Author))
        {
            foreach (var (before, after) in own.Zip(own.Skip(1)).Where(pair => pair.First.Cursor.Seq > pair.Second.Cursor.Seq))
            {
                Add(DeliveryVerdict.Reordered, $"{after.Name} ({after.Cursor}) stands before {before.Name} ({before.Cursor}), which was sent first");
            }
        }
    }

    /// <summary>What is in the log besides acknowledged messages must be the steps of the handoff, in their order.</summary>
    private void JudgeWhatNobodySent(AuditedDialog dialog)
    {
        var known = dialog.Acknowledged.Select(sent => sent.Cursor.Seq).ToHashSet();
        var sent = dialog.Acknowledged.GroupBy(sent => sent.Content).ToDictionary(e => e.Key, e => e.First());
        var rest = new List<string>();
        foreach (var held in dialog.Log.Where(held => held.Cursor.Seq > dialog.Start && !known.Contains(held.Cursor.Seq)))
        {
            if (sent.TryGetValue(held.Content, out var original))
            {
                Add(DeliveryVerdict.Duplicated, $"{original.Name} stands in the log as {original.Cursor} and as {held.Cursor}");
            }
            else
            {
                rest.Add(held.Content);
            }
        }

        var steps = dialog.Steps.Select(EventContent.Handoff).ToList();
        if (!rest.SequenceEqual(steps))
        {
            Add(
                rest.Count < steps.Count ? DeliveryVerdict.Lost : DeliveryVerdict.Phantom,
                $"besides acknowledged messages the log should have [{string.Join(", ", steps)}]; it has, never acknowledged, [{string.Join(", ", rest)}]");
        }
    }

    private void JudgeReceived(Subject subject, IReadOnlyList<ReceivedEvent> received, long from, bool isList, bool isShared)
    {
        var positions = new Dictionary<long, int>();
        var seen = new Dictionary<(long Dialog, long Seq), int>();
        var listed = new HashSet<long>();
        var highest = from;
        for (var i = 0; i < received.Count; i++)
        {
            var got = received[i];
            var isKnown = got.DialogId is { } id && subject.Ids.Contains(id);
            if (!isKnown && !isList)
            {
                Add(DeliveryVerdict.Foreign, $"event {got.Position} of dialog {got.DialogId} came", i);
                continue;
            }

            if (!positions.TryAdd(got.Position.Seq, i))
            {
                Add(DeliveryVerdict.Duplicated, $"event {got.Position} came again", i);
                continue;
            }

            if (got.Position.Seq <= highest)
            {
                Add(DeliveryVerdict.Reordered, $"event {got.Position} came after event {highest}", i);
            }

            highest = Math.Max(highest, got.Position.Seq);
            if (isKnown)
            {
                JudgeContent(subject, got, i, isList, seen, listed);
            }
            else if (!isShared)
            {
                Add(DeliveryVerdict.Foreign, $"entry {got.Position} is about dialog {got.DialogId}, which is none of the account's", i);
            }
        }

        JudgeMissing(subject, from, isList, seen, positions);
    }

    private void JudgeContent(
        Subject subject, ReceivedEvent got, int at, bool isList, Dictionary<(long Dialog, long Seq), int> seen, HashSet<long> listed)
    {
        var key = (Dialog: got.DialogId!.Value, got.EventSeq);
        var name = Name(key, got.Position, isList);
        if (!subject.Due.TryGetValue(key, out var due) || due.Cursor.Nonce != got.Position.Nonce)
        {
            Add(DeliveryVerdict.Phantom, $"{name} came, where the log has {due?.Cursor.ToString() ?? "nothing"} that is due here", at);
            return;
        }

        if (!seen.TryAdd(key, at))
        {
            Add(DeliveryVerdict.Duplicated, $"{name} came before, as another entry", at);
            return;
        }

        var isFirst = listed.Add(key.Dialog);
        if (!(isList ? IsAbout(got.Content, due.Content) : got.Content == due.Content))
        {
            Add(DeliveryVerdict.Corrupted, $"{name} came as \"{got.Content}\"", at);
        }
        else if (isList && got.IsNew is { } isNew && isNew != isFirst)
        {
            Add(DeliveryVerdict.Corrupted, $"{name} came as of a {(isNew ? "new" : "known")} dialog", at);
        }
    }

    private void JudgeMissing(Subject subject, long from, bool isList, Dictionary<(long Dialog, long Seq), int> seen, Dictionary<long, int> positions)
    {
        var due = subject.Due.Where(wanted => isList || wanted.Key.Seq > from).ToList();
        foreach (var (key, wanted) in due.Where(wanted => !seen.ContainsKey(wanted.Key)).OrderBy(wanted => wanted.Key))
        {
            var next = seen.Where(other => other.Key.Dialog == key.Dialog && other.Key.Seq > key.Seq).Select(other => (int?)other.Value).Min();
            Add(DeliveryVerdict.Lost, $"{Name(key, wanted.Cursor, isList)} never came", next);
        }

        Expected = due.Count;
        Delivered = due.Count(wanted => seen.ContainsKey(wanted.Key));

        // A list's feed has no history to compare with. Where nothing that is known to be due is missing, its numbers tell of the rest.
        if (isList && Delivered == Expected && positions.Count > 0 && positions.Keys.Max() - positions.Keys.Min() + 1 - positions.Count is > 0 and var holes)
        {
            var first = positions.Keys.Min();
            while (positions.ContainsKey(first))
            {
                first++;
            }

            Add(DeliveryVerdict.Lost, $"entry {first} of the feed never came", count: holes);
        }
    }

    private void AddRepairs(ConnectionStatistics repairs)
    {
        AddRepair(DeliveryVerdict.Duplicated, repairs.Duplicates, "duplicates dropped by the client");
        AddRepair(DeliveryVerdict.Reordered, repairs.Holes, "holes filled by the client");
        AddRepair(DeliveryVerdict.Reordered, repairs.Conflicts, "conflicts settled by the client");
        AddRepair(DeliveryVerdict.Corrupted, repairs.Malformed, "frames that the client could not read");
    }

    private void AddRepair(DeliveryVerdict verdict, long count, string what)
    {
        if (count > 0)
        {
            Add(verdict, $"{count} {what}", count: count);
        }
    }

    /// <summary>A preview is the start of the text, and not much shorter than it may be.</summary>
    private static bool IsAbout(string? listed, string content) => listed is not null
        && content.StartsWith(listed, StringComparison.Ordinal)
        && (listed.Length == content.Length || listed.Length > PreviewLength / 2);

    private static string Name((long Dialog, long Seq) key, EventCursor position, bool isList)
        => isList ? $"the entry about event {key.Seq} of dialog {key.Dialog}" : $"event {position}";

    private void Add(DeliveryVerdict verdict, string what, int? at = null, long count = 1) => _findings.Add(new DeliveryFinding(verdict, what, at, count));

    /// <summary>The dialogs that a socket follows, and what is due on it.</summary>
    private sealed class Subject
    {
        internal Subject(IReadOnlyCollection<AuditedDialog> dialogs, Func<AuditedDialog, IEnumerable<AuditedEvent>> due)
        {
            Ids = [.. dialogs.Select(dialog => dialog.Id)];
            Due = dialogs.SelectMany(dialog => due(dialog).Select(e => (dialog.Id, Event: e))).ToDictionary(e => (e.Id, e.Event.Cursor.Seq), e => e.Event);
        }

        internal HashSet<long> Ids { get; }

        internal Dictionary<(long Dialog, long Seq), AuditedEvent> Due { get; }
    }
}
