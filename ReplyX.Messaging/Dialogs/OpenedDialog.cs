using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Dialogs;

/// <summary>A guest's open dialog.</summary>
/// <param name="Dialog">The dialog.</param>
/// <param name="Head">Its last event.</param>
/// <param name="Created">Whether this call started it.</param>
public sealed record OpenedDialog(Dialog Dialog, Cursor Head, bool Created);
