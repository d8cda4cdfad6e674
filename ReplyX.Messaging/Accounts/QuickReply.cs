namespace ReplyX.Messaging.Accounts;

/// <summary>A text that operators of an account insert by its shortcut.</summary>
/// <param name="Shortcut">The shortcut, unique in the account.</param>
/// <param name="Text">The text.</param>
public sealed record QuickReply(string Shortcut, string Text);
