namespace ReplyX.Client;

/// <summary>All that is known of a dialog when it is over.</summary>
public sealed record AuditedDialog
{
    /// <summary>The dialog.</summary>
    public required long Id { get; init; }

    /// <summary>What its history holds, oldest first: from its first event on, or from the one after <see cref="Start"/>.</summary>
    public required IReadOnlyList<AuditedEvent> Log { get; init; }

    /// <summary>The acknowledged messages, one author's in the order in which they were sent.</summary>
    public required IReadOnlyList<AcknowledgedEvent> Acknowledged { get; init; }

    /// <summary>What the acknowledged steps of the handoff led to, in order. Their acknowledgements name no number.</summary>
    public required IReadOnlyList<HandoffState> Steps { get; init; }

    /// <summary>The number of the last event that was there before anybody did anything.</summary>
    public required long Start { get; init; }

    /// <summary>The dialog as it was when an event was its last: what a socket that was closed then should have got.</summary>
    /// <param name="seq">The event's number.</param>
    /// <returns>The dialog without what came later.</returns>
    public AuditedDialog UpTo(long seq) => this with
    {
        Log = [.. Log.Where(e => e.Cursor.Seq <= seq)],
        Acknowledged = [.. Acknowledged.Where(e => e.Cursor.Seq <= seq)],
    };

    /// <summary>
    /// What is due at every socket: the log, and what was acknowledged under numbers that the log does not hold.
    /// </summary>
    internal IEnumerable<AuditedEvent> Due
    {
        get
        {
            var held = Log.Select(e => e.Cursor.Seq).ToHashSet();
            return Log.Concat(Acknowledged.Where(a => !held.Contains(a.Cursor.Seq)).Select(a => new AuditedEvent(a.Cursor, a.Content)))
                .DistinctBy(e => e.Cursor.Seq)
                .OrderBy(e => e.Cursor.Seq);
        }
    }
}
