namespace ReplyX.Client;

/// <summary>An account's dialogs.</summary>
/// <param name="Items">The dialogs, newest first.</param>
/// <param name="Cursor">Where a list socket goes on from, where the Api says so.</param>
public sealed record DialogList(IReadOnlyList<DialogListItem> Items, EventCursor? Cursor);
