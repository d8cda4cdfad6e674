namespace ReplyX.Messaging.Dialogs;

/// <summary>What was found of an account's dialogs, the latest active first.</summary>
/// <param name="Items">The dialogs.</param>
/// <param name="Total">How many dialogs the account lists in all, whatever was looked for.</param>
/// <param name="Next">How many dialogs were passed over or looked at, from where the search goes on; null at the end.</param>
public sealed record DialogSearch(IReadOnlyList<Dialog> Items, long Total, int? Next);
