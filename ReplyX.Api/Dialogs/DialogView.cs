using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Dialogs;

/// <summary>A dialog in a list.</summary>
internal sealed record DialogView(
    long Id,
    DialogMode Mode,
    string SiteId,
    HandoffState Handoff,
    string? Operator,
    DateTimeOffset? HandoffSince,
    DateTimeOffset CreatedAt,
    LastEventView? Last)
{
    public static DialogView Of(Dialog dialog) => new(
        dialog.Id,
        dialog.Mode,
        dialog.SiteId,
        dialog.Handoff,
        dialog.OperatorName,
        dialog.HandoffSince,
        dialog.CreatedAt,
        dialog.Last is { } last ? new LastEventView(last.Seq, last.Event, last.Sender, last.Preview, last.Timestamp) : null);
}
