using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Api.Messages;
using ReplyX.Api.Sites;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Dialogs;

/// <summary>The endpoints for visitors. The two groups differ only in how a dialog starts.</summary>
internal static class VisitorDialogsApi
{
    private const int MaxListed = 100;

    public static void MapWidgetDialogs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/widget/dialogs").WithTags("Widget");
        group.MapPost("/", StartInWidgetAsync).AllowCredential(Credential.Guest)
            .WithSummary("Open the guest's dialog")
            .WithDescription(
                "Without a guest token a guest is made; with the same `client_id` from the same address within ten minutes, the same one. "
                + "With a token the guest's open dialog is returned: 200, or 201 if there was none. `visitor`, `page` and `locale` are what "
                + "operators are shown.");
        group.MapDialogs(DialogMode.Widget);
    }

    public static void MapSiteDialogs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/site/dialogs").WithTags("Site chat");
        group.MapPost("/", StartOnSiteAsync).AllowCredential(Credential.Guest)
            .WithSummary("Open the guest's dialog")
            .WithDescription("As for the widget, with the site token of the embedding page.");
        group.MapDialogs(DialogMode.Site);
    }

    private static void MapDialogs(this RouteGroupBuilder group, DialogMode mode)
    {
        group.MapGet("/", (GuestCaller guest, DialogDirectory dialogs, CredentialRevocation revocation, CancellationToken cancellationToken) =>
                ListAsync(guest, mode, dialogs, revocation, cancellationToken))
            .RequireCredential(Credential.Guest)
            .WithSummary("List the guest's own dialogs");

        group.MapPost("/{id}/token", (
                string id, Caller caller, DialogAccess access, DialogStarter starter, DialogDirectory dialogs, CancellationToken cancellationToken) =>
                RefreshAsync(id, mode, caller, access, starter, dialogs, cancellationToken))
            .RequireCredential(Credential.Guest | Credential.Dialog)
            .WithSummary("Refresh the dialog token")
            .WithDescription("With the guest token, or with a dialog token that has not run out.");

        group.MapPut("/{id}/visitor", (
                string id, JsonBody<VisitorFields> body, DialogCaller caller, DialogAccess access, DialogDirectory dialogs, CancellationToken cancellationToken) =>
                IdentifyAsync(id, mode, body.Value, caller, access, dialogs, cancellationToken))
            .Produces(StatusCodes.Status204NoContent)
            .RequireCredential(Credential.Dialog)
            .WithSummary("Say who the visitor is")
            .WithDescription("A member that is not there stays as it is known, an empty one is forgotten. Nobody checks that the address is the visitor's.");

        group.MapPut("/{id}/page", (
                string id, JsonBody<PageFields> body, DialogCaller caller, DialogAccess access, DialogDirectory dialogs, CancellationToken cancellationToken) =>
                NotePageAsync(id, mode, body.Value, caller, access, dialogs, cancellationToken))
            .Produces(StatusCodes.Status204NoContent)
            .RequireCredential(Credential.Dialog)
            .WithSummary("Say which page the visitor is on")
            .WithDescription("Fragments and credentials of its address are dropped.");

        group.MapVisitorMessages(mode);
    }

    private static async Task<Results<Ok<StartedDialog>, Created<StartedDialog>, Problem>> StartInWidgetAsync(
        HttpContext context,
        JsonBody<StartWidgetDialog> body,
        GuestCaller? guest,
        AccountDirectory accounts,
        DialogStarter starter,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(body.Value.AssistantId))
        {
            return Problem.Member("assistant_id", "It is needed.");
        }

        return await accounts.FindSiteOfAssistantAsync(body.Value.AssistantId, cancellationToken) is { } site
            ? await starter.StartAsync(site, DialogMode.Widget, guest, body.Value, context, cancellationToken)
            : Problem.AssistantNotFound;
    }

    private static async Task<Results<Ok<StartedDialog>, Created<StartedDialog>, Problem>> StartOnSiteAsync(
        HttpContext context,
        JsonBody<StartSiteDialog> body,
        GuestCaller? guest,
        SiteTokens sites,
        DialogStarter starter,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(body.Value.SiteToken))
        {
            return Problem.Member("site_token", "It is needed.");
        }

        var (site, refusal) = await sites.CheckAsync(body.Value.SiteToken, cancellationToken);
        return refusal switch
        {
            SiteTokenRefusal.None => await starter.StartAsync(site!, DialogMode.Site, guest, body.Value, context, cancellationToken),
            SiteTokenRefusal.Rotated => Problem.SiteTokenRotated,
            _ => Problem.SiteTokenInvalid,
        };
    }

    private static async Task<Results<Ok<GuestDialogs>, Problem>> ListAsync(
        GuestCaller guest, DialogMode mode, DialogDirectory dialogs, CredentialRevocation revocation, CancellationToken cancellationToken)
    {
        var refusal = revocation.CheckAsync(guest, mode, cancellationToken);
        var own = dialogs.ListForGuestAsync(guest.Account, guest.Claims.GuestId, MaxListed, cancellationToken);
        await Task.WhenAll(refusal, own);
        return await refusal is { } problem
            ? problem
            : TypedResults.Ok(new GuestDialogs(
                [.. (await own).Where(dialog => dialog.Mode == mode && dialog.SiteId == guest.Claims.SiteId).Select(GuestDialogView.Of)]));
    }

    private static async Task<IResult> IdentifyAsync(
        string id,
        DialogMode mode,
        VisitorFields fields,
        DialogCaller caller,
        DialogAccess access,
        DialogDirectory dialogs,
        CancellationToken cancellationToken)
    {
        var (note, problem) = VisitorNoteReader.Read(fields);
        return problem ?? await NoteAsync(id, mode, note, caller, access, dialogs, cancellationToken);
    }

    private static async Task<IResult> NotePageAsync(
        string id,
        DialogMode mode,
        PageFields fields,
        DialogCaller caller,
        DialogAccess access,
        DialogDirectory dialogs,
        CancellationToken cancellationToken)
    {
        var (page, problem) = VisitorNoteReader.Read(fields);
        return problem ?? await NoteAsync(id, mode, new VisitorNote { Page = page }, caller, access, dialogs, cancellationToken);
    }

    private static async Task<IResult> NoteAsync(
        string id,
        DialogMode mode,
        VisitorNote note,
        DialogCaller caller,
        DialogAccess access,
        DialogDirectory dialogs,
        CancellationToken cancellationToken) =>
        await access.CheckAsync(caller, mode, id, cancellationToken)
            ?? (await dialogs.NoteVisitorAsync(caller.Claims.Dialog, caller.Owner, note, cancellationToken)
                ? TypedResults.NoContent()
                : Problem.DialogNotFound);

    private static async Task<Results<Ok<RefreshedToken>, Problem>> RefreshAsync(
        string id,
        DialogMode mode,
        Caller caller,
        DialogAccess access,
        DialogStarter starter,
        DialogDirectory dialogs,
        CancellationToken cancellationToken)
    {
        var (found, version) = caller switch
        {
            GuestCaller guest => (await access.FindAsync(guest, mode, id, cancellationToken), guest.Claims.SiteTokenVersion),
            DialogCaller visitor => (await access.FindAsync(visitor, mode, id, cancellationToken), visitor.Claims.SiteTokenVersion),
            _ => (FoundDialog.None, 0),
        };
        if (!found.IsThere)
        {
            return found.Refusal;
        }

        return await dialogs.VisitAsync(found.Dialog, cancellationToken)
            ? TypedResults.Ok(starter.IssueToken(found.Dialog, version))
            : Problem.DialogNotFound;
    }
}
