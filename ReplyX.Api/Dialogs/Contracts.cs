using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Dialogs;

/// <summary>Starts a dialog in a widget.</summary>
internal sealed record StartWidgetDialog(string? AssistantId);

/// <summary>Starts a dialog in a chat page that is embedded with a site token.</summary>
internal sealed record StartSiteDialog(string? SiteToken)
{
    public override string ToString() => nameof(StartSiteDialog);
}

/// <summary>A guest's open dialog and all that it takes to use it.</summary>
internal sealed record StartedDialog(
    long Id,
    string Token,
    DateTimeOffset TokenExpiresAt,
    string GuestToken,
    string Cursor,
    Uri RealtimeUrl,
    HandoffState Handoff,
    DialogMode Mode)
{
    public override string ToString() => nameof(StartedDialog);
}

/// <summary>A new dialog token.</summary>
internal sealed record RefreshedToken(string Token, DateTimeOffset TokenExpiresAt)
{
    public override string ToString() => nameof(RefreshedToken);
}

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

/// <summary>A dialog's latest event in short.</summary>
internal sealed record LastEventView(long Seq, string Event, string Sender, string Preview, DateTimeOffset Timestamp);

/// <summary>A guest's own dialogs, the latest started first.</summary>
internal sealed record GuestDialogs(IReadOnlyList<DialogView> Items);

/// <summary>A page of an account's dialogs, the latest active first; the list's socket resumes from the cursor.</summary>
internal sealed record AccountDialogs(IReadOnlyList<DialogView> Items, long Total, string Cursor);
