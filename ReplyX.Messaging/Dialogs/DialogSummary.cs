namespace ReplyX.Messaging.Dialogs;

/// <summary>A dialog's latest event in short, for lists.</summary>
/// <param name="Seq">The event's number.</param>
/// <param name="Event">The event's type, e.g. <c>message</c>.</param>
/// <param name="Sender">Who spoke: <c>user</c>, <c>assistant</c>, <c>manager</c> or <c>system</c>.</param>
/// <param name="Preview">The text's beginning, empty for events without text.</param>
/// <param name="Timestamp">When it was appended, UTC.</param>
public sealed record DialogSummary(long Seq, string Event, string Sender, string Preview, DateTimeOffset Timestamp);
