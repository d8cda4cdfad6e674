namespace ReplyX.Client;

/// <summary>Looks for a message in the history, backward from the end to where it cannot be any more.</summary>
internal sealed class HistorySearch(IDialogHistory history, int pageSize)
{
    // Above every event, and as much as any number type of a client holds.
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

            // Another sender's key may be the same; its text is hardly.
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
