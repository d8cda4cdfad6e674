namespace ReplyX.Client;

/// <summary>Searches the history for a message, from the end back to the last event that was known when it was first sent.</summary>
internal sealed class HistorySearch(IDialogHistory history, int pageSize)
{
    // Greater than every event's number; the largest integer that JavaScript holds exactly.
    private const long End = (1L << 53) - 1;

    /// <summary>Whether the message stands in the log, and where. Null when the history did not answer.</summary>
    internal async Task<(bool Found, EventCursor Cursor)?> FindAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        var behind = entry.First?.Seq ?? 0;
        var before = End;
        while (true)
        {
            var answer = await history.ReadBeforeAsync(before, pageSize, cancellationToken);
            if (answer.Value is not { } page)
            {
                return null;
            }

            // Another sender may have used the same key, but hardly with the same text.
            if (page.Items.OfType<MessageEvent>().FirstOrDefault(e => e.ClientId == entry.ClientId && e.Text == entry.Text) is { Cursor: { } cursor })
            {
                return (true, cursor);
            }

            if (!page.HasMore || page.Items is not [{ Seq: var first }, ..] || first <= behind + 1)
            {
                return (false, default);
            }

            before = first;
        }
    }
}
