namespace ReplyX.Api.Dialogs;

/// <summary>A dialog's latest event in short.</summary>
internal sealed record LastEventView(long Seq, string Event, string Sender, string Preview, DateTimeOffset Timestamp);
