namespace ReplyX.Recorder.Judging;

/// <summary>Compares a dialog's log with what was acknowledged: each message once, where its acknowledgement says, and nothing else.</summary>
internal static class LogJudge
{
    public static void Judge(DialogRecord dialog, Violations violations)
    {
        var log = dialog.Log;
        for (var i = 0; i < log.Count; i++)
        {
            if (log[i].Cursor.Seq != i + 1)
            {
                violations.Add(ViolationKind.Lost, $"{dialog.Name}: the history has event {log[i].Cursor} in place {i + 1}");
                break;
            }
        }

        var bySeq = log.GroupBy(e => e.Cursor.Seq).ToDictionary(g => g.Key, g => g.First());
        var places = log.ToLookup(e => e.Content);
        foreach (var sent in dialog.Sent)
        {
            var held = bySeq.GetValueOrDefault(sent.Cursor.Seq);
            if (held is null || held.Cursor != sent.Cursor)
            {
                violations.Add(ViolationKind.Lost, $"{dialog.Name}: {sent.Key} was acknowledged as {sent.Cursor}, where the log has {held?.Cursor.ToString() ?? "nothing"}");
            }
            else if (held.Content != sent.Content)
            {
                violations.Add(ViolationKind.Corrupted, $"{dialog.Name}: {sent.Key} at {sent.Cursor} is not what was sent");
            }

            if (places[sent.Content].Skip(1).Any())
            {
                violations.Add(
                    ViolationKind.Duplicated, $"{dialog.Name}: {sent.Key} stands in the log as {string.Join(" and ", places[sent.Content].Select(e => e.Cursor))}");
            }
        }

        foreach (var own in dialog.Sent.GroupBy(sent => sent.Author))
        {
            foreach (var (before, after) in own.Zip(own.Skip(1)).Where(pair => pair.First.Cursor.Seq >= pair.Second.Cursor.Seq))
            {
                violations.Add(ViolationKind.Reordered, $"{dialog.Name}: {after.Key} ({after.Cursor}) stands before {before.Key} ({before.Cursor}), which was acknowledged first");
            }
        }

        JudgeTheRest(dialog, violations);
    }

    private static void JudgeTheRest(DialogRecord dialog, Violations violations)
    {
        var known = dialog.Sent.Select(sent => sent.Cursor.Seq).ToHashSet();
        var rest = dialog.Log.Where(e => e.Cursor.Seq > dialog.Welcome && !known.Contains(e.Cursor.Seq)).Select(e => e.Content).ToList();
        var steps = dialog.Steps.Select(state => Sockets.Content.Handoff(state.ToString().ToLowerInvariant()));
        if (!rest.SequenceEqual(steps))
        {
            violations.Add(
                ViolationKind.Phantom, $"{dialog.Name}: besides acknowledged messages the log should have {string.Join(", ", steps)}; it has {string.Join(", ", rest)}");
        }
    }
}
