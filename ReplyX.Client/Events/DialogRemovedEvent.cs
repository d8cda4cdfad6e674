namespace ReplyX.Client;

/// <summary>
/// On an account's list: a dialog has reached the account's age and is gone with all that was in it. Mostly it is not stored; it has a cursor
/// where it stands in the feed in place of an entry that told of the dialog.
/// </summary>
public sealed record DialogRemovedEvent : ReplyXEvent;
