namespace ReplyX.Api.Dialogs;

/// <summary>A page of an account's dialogs, the latest active first; the list's socket resumes from the cursor.</summary>
internal sealed record AccountDialogs(IReadOnlyList<DialogView> Items, long Total, string Cursor);
