namespace ReplyX.Client;

/// <summary>
/// Brings a reader up to date from the history when the server could not resume from the log, and reports what is missing as a gap.
/// The position only moves past events that are in the reader's buffer, so that a reload can be repeated after any failure.
/// </summary>
internal sealed class HistoryReload(EventSequencer sequencer, IDialogHistory? history, int pageSize, Func<ReplyXEvent, bool> write)
{
    /// <summary>
    /// How many events are read backward at most to find the oldest one that is left. If there are more, the gap is reported as longer
    /// than it is. It counts events and not pages, because the server limits pages by bytes too.
    /// </summary>
    private const int MaxEventsBack = 20_000;

    private long _gaps;

    /// <summary>How many gaps were reported.</summary>
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

        var rewound = await WasReplacedAsync(at, head, cancellationToken) switch
        {
            null => ReloadOutcome.Unavailable,
            true => await RewindAsync(cancellationToken),
            false => ReloadOutcome.Done,
        };
        while (rewound == ReloadOutcome.Done && sequencer.Position is { } now && now.Seq < upTo)
        {
            if (await ReadOnAsync(now.Seq, cancellationToken) is not { } events)
            {
                return ReloadOutcome.Unavailable;
            }

            if (!Deliver(events))
            {
                return ReloadOutcome.Overrun;
            }

            if (sequencer.Position == now)
            {
                return Skip(GapReason.Expired, now.Seq, upTo + 1, head); // The history ends before the log does.
            }
        }

        return rewound;
    }

    /// <summary>
    /// Whether the log was replaced: it ends before our position, or has another event there. Null when the history did not answer.
    /// </summary>
    private async Task<bool?> WasReplacedAsync(EventCursor at, EventCursor head, CancellationToken cancellationToken)
    {
        if (head.Seq < at.Seq)
        {
            return true;
        }

        if (at.Seq == 0 || !at.IsVerified)
        {
            return false;
        }

        var answer = await history!.ReadAfterAsync(at.Seq - 1, 1, cancellationToken);
        return answer.Value is not { } page ? null
            : !page.Reset && page.Items.Count > 0 && page.Items[0].Cursor is { } held && held.Seq == at.Seq && held != at;
    }

    /// <summary>The events after a place; if the history no longer has that place, all that are left. Null when it did not answer.</summary>
    private async Task<IEnumerable<ReplyXEvent>?> ReadOnAsync(long seq, CancellationToken cancellationToken)
    {
        var answer = await history!.ReadAfterAsync(seq, pageSize, cancellationToken);
        if (answer.Value is not { } page || !page.Reset)
        {
            return answer.Value?.Items;
        }

        var pages = new Stack<HistoryPage>([page]);
        var events = page.Items.Count;
        while (page is { HasMore: true, Items: [{ Seq: var first }, ..] } && first > seq + 1 && events < MaxEventsBack)
        {
            answer = await history.ReadBeforeAsync(first, pageSize, cancellationToken);
            if (answer.Value is not { } earlier)
            {
                return null;
            }

            pages.Push(page = earlier);
            events += page.Items.Count;
        }

        return pages.SelectMany(static p => p.Items);
    }

    /// <summary>Delivers events, except those that were delivered before.</summary>
    /// <returns>False when the buffer is full.</returns>
    private bool Deliver(IEnumerable<ReplyXEvent> events)
    {
        foreach (var item in events)
        {
            var after = sequencer.Position?.Seq ?? 0;
            if (item.Cursor is not { } cursor || cursor.Seq <= after)
            {
                continue;
            }

            if (cursor.Seq > after + 1
                && Skip(GapReason.Expired, after, cursor.Seq, EventCursor.Unverified(cursor.Seq - 1)) == ReloadOutcome.Overrun)
            {
                return false;
            }

            if (!write(item))
            {
                return false;
            }

            sequencer.Advance(cursor);
        }

        return true;
    }

    /// <summary>Finds the last event that the new log shares with the old one, and goes back to it.</summary>
    private async Task<ReloadOutcome> RewindAsync(CancellationToken cancellationToken)
    {
        var from = sequencer.OldestRemembered - 1;
        var common = from > 0 ? EventCursor.Unverified(from) : EventCursor.Start;
        while (true)
        {
            var answer = await history!.ReadAfterAsync(common.Seq, pageSize, cancellationToken);
            if (answer.Value is not { } page)
            {
                return ReloadOutcome.Unavailable;
            }

            if (page.Reset)
            {
                common = EventCursor.Start; // The history does not have even the oldest known place, so no shared event can be found.
                break;
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
            return ReloadOutcome.Overrun;
        }

        sequencer.Rewind(common);
        return ReloadOutcome.Done;
    }

    private ReloadOutcome SkipTo(EventCursor at, long upTo, EventCursor head)
        => at == head ? ReloadOutcome.Done
            : at.Seq < upTo ? Skip(GapReason.NoHistory, at.Seq, upTo + 1, head)
            : Skip(GapReason.Rewritten, 0, head.Seq + 1, head); // Without a history it is unknown where the new log differs.

    private ReloadOutcome Skip(GapReason reason, long after, long before, EventCursor head)
    {
        if (!WriteGap(reason, after, before))
        {
            return ReloadOutcome.Overrun;
        }

        sequencer.Restart(head);
        return ReloadOutcome.Done;
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
