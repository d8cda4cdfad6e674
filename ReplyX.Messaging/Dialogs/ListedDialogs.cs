namespace ReplyX.Messaging.Dialogs;

/// <summary>A page of an account's dialogs, the latest active first.</summary>
/// <param name="Items">The dialogs.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record ListedDialogs(IReadOnlyList<Dialog> Items, long Total);
