namespace ReplyX.Client;

/// <summary>
/// Brings a reader up to the log's present state when the log could not resume: from the history, and by telling it of what cannot be
/// had. Whatever happens the position only stands behind events that got into the reader's buffer, so that it can be tried again.
/// </summary>
internal sealed class HistoryReload(EventSequencer sequencer, IDialogHistory? history, int pageSize, Func<ReplyXEvent, bool> write)
{
    private long _gaps;

    /// <summary>Gaps that were told, so far.</summary>
    internal long Gaps => Interlocked.Read(ref _gaps);

    /// <summary>Reads up to and including a number.</summary>
    /// <param name="upTo">The number of the last event wanted.</param>
    /// <param name="head">Where to go on from when the history does not reach that far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<ReloadOutcome> RunAsync(long upTo, EventCursor head, CancellationToken cancellationToken)
    {
        var at = sequencer.Position ?? EventCursor.Start;
        if (history is null)
        {
            return SkipTo(at, upTo, head);
        }

        // One event back, so that the page shows whether the log behind the history is still the one that was read.
        var answer = await history.ReadAfterAsync(Math.Max(0, at.Seq - 1), pageSize, cancellationToken);
        if (answer.Value is not { } page)
        {
            return ReloadOutcome.Unavailable;
        }

        if (WasReplaced(at, head, page))
        {
            switch (await RewindAsync(cancellationToken))
            {
                case null:
                    return ReloadOutcome.Unavailable;
                case false:
                    return ReloadOutcome.Overrun;
            }
        }
        else if (!Deliver(page))
        {
            return ReloadOutcome.Overrun;
        }

        while (sequencer.Position is { } now && now.Seq < upTo)
        {
            answer = await history.ReadAfterAsync(now.Seq, pageSize, cancellationToken);
            if (answer.Value is not { } next)
            {
                return ReloadOutcome.Unavailable;
            }

            if (!Deliver(next))
            {
                return ReloadOutcome.Overrun;
            }

            if (sequencer.Position == now)
            {
                break; // The history ends before the log does.
            }
        }

        return sequencer.Position is { } reached && reached.Seq < upTo
            ? Skip(GapReason.Expired, reached.Seq, upTo + 1, head)
            : ReloadOutcome.Done;
    }

    private static bool WasReplaced(EventCursor at, EventCursor head, HistoryPage page)
        => at.Seq > 0 && at.IsVerified
            && (page.Items.Count == 0 ? head.Seq < at.Seq : page.Items[0].Cursor is { } first && first.Seq == at.Seq && first != at);

    private ReloadOutcome SkipTo(EventCursor at, long upTo, EventCursor head)
        => at == head || at.Seq == upTo && head.Seq > upTo ? ReloadOutcome.Done
            : at.Seq < upTo ? Skip(GapReason.NoHistory, at.Seq, upTo + 1, head)
            : Skip(GapReason.Rewritten, 0, head.Seq + 1, head); // Where the new log leaves the old one is not known here.

    private ReloadOutcome Skip(GapReason reason, long after, long before, EventCursor head)
    {
        if (!WriteGap(reason, after, before))
        {
            return ReloadOutcome.Overrun;
        }

        sequencer.Restart(head);
        return ReloadOutcome.Done;
    }

    /// <summary>Lets the events of a page through.</summary>
    /// <returns>False when the buffer is full.</returns>
    private bool Deliver(HistoryPage page)
    {
        foreach (var item in page.Items)
        {
            if (item.Cursor is not { } cursor)
            {
                continue;
            }

            var after = sequencer.Position?.Seq ?? 0;
            if (cursor.Seq <= after)
            {
                continue;
            }

            if (cursor.Seq > after + 1)
            {
                if (!WriteGap(GapReason.Expired, after, cursor.Seq))
                {
                    return false;
                }

                sequencer.Restart(EventCursor.Unverified(cursor.Seq - 1));
            }

            if (!write(item))
            {
                return false;
            }

            sequencer.Advance(cursor);
        }

        return true;
    }

    /// <summary>Finds the last event that the new log shares with the old one and goes back to it.</summary>
    /// <returns>True when done, false when the buffer is full, null when the history did not answer.</returns>
    private async Task<bool?> RewindAsync(CancellationToken cancellationToken)
    {
        var common = EventCursor.Start;
        var from = sequencer.OldestRemembered - 1;
        if (from > 0)
        {
            common = EventCursor.Unverified(from);
        }

        while (true)
        {
            var answer = await history!.ReadAfterAsync(common.Seq, pageSize, cancellationToken);
            if (answer.Value is not { } page)
            {
                return null;
            }

            var shared = page.Items.TakeWhile(e => e.Cursor is { } c && sequencer.Remembers(c) == true).LastOrDefault();
            common = shared?.Cursor ?? common;
            if (shared is null || !ReferenceEquals(shared, page.Items[^1]))
            {
                break;
            }
        }

        if (!WriteGap(GapReason.Rewritten, common.Seq, common.Seq + 1))
        {
            return false;
        }

        sequencer.Rewind(common);
        return true;
    }

    private bool WriteGap(GapReason reason, long after, long before)
    {
        if (!write(new GapEvent { Reason = reason, After = after, Before = before }))
        {
            return false;
        }

        Interlocked.Increment(ref _gaps);
        return true;
    }
}
