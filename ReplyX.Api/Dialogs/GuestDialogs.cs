namespace ReplyX.Api.Dialogs;

/// <summary>A guest's own dialogs, the latest started first.</summary>
internal sealed record GuestDialogs(IReadOnlyList<DialogView> Items);
