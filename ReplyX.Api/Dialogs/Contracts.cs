using Microsoft.AspNetCore.Mvc;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Dialogs;

/// <summary>Starts a dialog in a widget.</summary>
internal sealed record StartWidgetDialog(
    string? AssistantId,
    string? ClientId = null,
    VisitorFields? Visitor = null,
    PageFields? Page = null,
    string? Locale = null) : IStartDialog;

/// <summary>Starts a dialog in a chat page that is embedded with a site token.</summary>
internal sealed record StartSiteDialog(
    string? SiteToken,
    string? ClientId = null,
    VisitorFields? Visitor = null,
    PageFields? Page = null,
    string? Locale = null) : IStartDialog
{
    public override string ToString() => nameof(StartSiteDialog);
}

/// <summary>What a start may say of its visitor, whichever way they came.</summary>
internal interface IStartDialog
{
    /// <summary>Makes the start of a new guest happen once.</summary>
    string? ClientId { get; }

    VisitorFields? Visitor { get; }

    PageFields? Page { get; }

    string? Locale { get; }
}

/// <summary>What a visitor says of themselves. A member that is not there stays as it is known, an empty one is forgotten.</summary>
internal sealed record VisitorFields(string? Name = null, string? Email = null)
{
    public override string ToString() => nameof(VisitorFields);
}

/// <summary>The page that a visitor is on.</summary>
internal sealed record PageFields(string? Url = null, string? Title = null, string? Referrer = null)
{
    public override string ToString() => nameof(PageFields);
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

/// <summary>A dialog as its own visitor sees it.</summary>
internal sealed record GuestDialogView(
    long Id,
    DialogMode Mode,
    string SiteId,
    HandoffState Handoff,
    string? Operator,
    DateTimeOffset? HandoffSince,
    DateTimeOffset CreatedAt,
    LastEventView? Last)
{
    public static GuestDialogView Of(Dialog dialog) => new(
        dialog.Id,
        dialog.Mode,
        dialog.SiteId,
        dialog.Handoff,
        dialog.OperatorName,
        dialog.HandoffSince,
        dialog.CreatedAt,
        LastEventView.Of(dialog.Last));
}

/// <summary>A dialog in an account's list.</summary>
internal record DialogView(
    long Id,
    DialogMode Mode,
    string SiteId,
    HandoffState Handoff,
    string? Operator,
    string? OperatorId,
    DateTimeOffset? HandoffSince,
    DateTimeOffset CreatedAt,
    LastEventView? Last,
    VisitorProfile? Visitor,
    PageView? Page,
    long Unread,
    TeamReadView Read,
    DateTimeOffset? WaitingSince)
{
    public static DialogView Of(Dialog dialog) => new(
        dialog.Id,
        dialog.Mode,
        dialog.SiteId,
        dialog.Handoff,
        dialog.OperatorName,
        dialog.OperatorId,
        dialog.HandoffSince,
        dialog.CreatedAt,
        LastEventView.Of(dialog.Last),
        dialog.Visitor,
        dialog.Page is { } page ? new PageView(page.Url, page.Title) : null,
        dialog.Unread,
        new TeamReadView(dialog.Read.User, dialog.Read.Manager),
        dialog.WaitingSince);
}

/// <summary>A dialog and all that is known of its visitor.</summary>
internal sealed record DialogDetails : DialogView
{
    private DialogDetails(DialogView view)
        : base(view)
    {
    }

    /// <summary>Whose it is: the same in all dialogs of one visitor.</summary>
    public required string VisitorId { get; init; }

    public string? UserAgent { get; private init; }

    /// <summary>The page that the dialog was started on.</summary>
    public VisitorPage? StartedPage { get; private init; }

    public static new DialogDetails Of(Dialog dialog) =>
        new(DialogView.Of(dialog)) { VisitorId = dialog.GuestId, UserAgent = dialog.UserAgent, StartedPage = dialog.StartedPage };
}

/// <summary>The page that a visitor is on.</summary>
internal sealed record PageView(string Url, string? Title);

/// <summary>How far the visitor and the team have read.</summary>
internal sealed record TeamReadView(long User, long Manager);

/// <summary>A dialog's latest event in short.</summary>
internal sealed record LastEventView(long Seq, string Event, string Sender, string Preview, DateTimeOffset Timestamp)
{
    public static LastEventView? Of(DialogSummary? last) =>
        last is null ? null : new LastEventView(last.Seq, last.Event, last.Sender, last.Preview, last.Timestamp);
}

/// <summary>A guest's own dialogs, the latest started first.</summary>
internal sealed record GuestDialogs(IReadOnlyList<GuestDialogView> Items);

/// <summary>
/// A page of an account's dialogs, the latest active first; the list's socket resumes from the cursor. Where a next offset stands there
/// may be more.
/// </summary>
internal sealed record AccountDialogs(IReadOnlyList<DialogView> Items, long Total, int? NextOffset, string Cursor);

/// <summary>Which dialogs are asked for, as it stands in the query.</summary>
internal sealed record DialogsQuery(
    [FromQuery(Name = "limit")] string? Limit,
    [FromQuery(Name = "offset")] string? Offset,
    [FromQuery(Name = "filter")] string? Filter,
    [FromQuery(Name = "site_id")] string? SiteId,
    [FromQuery(Name = "q")] string? Text);
