namespace ReplyX.Client;

/// <summary>A stretch of a dialog's history.</summary>
/// <param name="Items">The events, oldest first.</param>
/// <param name="Cursor">Where a socket goes on from after this page.</param>
/// <param name="HasMore">Whether more events lie in the direction that was asked for.</param>
/// <param name="Reset">Whether the place that was asked for is not held, and these are the latest events instead.</param>
public sealed record HistoryPage(IReadOnlyList<ReplyXEvent> Items, EventCursor? Cursor, bool HasMore, bool Reset = false)
{
    /// <summary>How far each side has read; null where the Api does not say.</summary>
    public ReadMarks? Read { get; init; }
}
