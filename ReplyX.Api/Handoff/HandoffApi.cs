using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Api.Dialogs;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Handoff;

/// <summary>The handoff between assistant and humans: none → requested → active → released, or cancelled. After both it can be requested again.</summary>
internal static class HandoffApi
{
    // A visitor may request a human, and cancel the request.
    private const Credential EitherSide = Credential.Operator | Credential.Dialog;

    public static void MapHandoff(this RouteGroupBuilder dialogs)
    {
        var group = dialogs.MapGroup("/{id}/handoff").WithTags("Handoff");
        group.MapGet("/status", StatusAsync).RequireCredential(EitherSide).ChecksRevocation().WithSummary("Who answers the dialog");
        group.MapStep("request", HandoffStep.Request, EitherSide, "Ask for a human");
        group.MapStep("takeover", HandoffStep.Takeover, Credential.Operator, "Take the dialog over");
        group.MapStep("release", HandoffStep.Release, Credential.Operator, "Give the dialog back to the assistant");
        group.MapStep("cancel", HandoffStep.Cancel, EitherSide, "Withdraw the request");
    }

    private static void MapStep(this RouteGroupBuilder group, string name, HandoffStep step, Credential accepted, string summary) =>
        group.MapPost(name, (
                string id,
                OptionalJsonBody<HandoffCommand> body,
                Caller caller,
                DialogAccess access,
                DialogDirectory dialogs,
                DialogLog log,
                HandoffMetrics metrics,
                CancellationToken cancellationToken) => TakeStepAsync(step, id, body.Value?.ClientId, caller, access, dialogs, log, metrics, cancellationToken))
            .RequireCredential(accepted)
            .ChecksRevocation()
            .Appends()
            .WithSummary(summary);

    private static async Task<Results<Ok<HandoffStatus>, Problem>> StatusAsync(
        string id, Caller caller, DialogAccess access, CancellationToken cancellationToken) =>
        await access.FindAsync(caller, id, cancellationToken) is var found && found.IsThere
            ? TypedResults.Ok(HandoffStatus.Of(found.Dialog))
            : found.Refusal;

    private static async Task<Results<Ok<HandoffStatus>, Problem>> TakeStepAsync(
        HandoffStep step,
        string id,
        string? clientId,
        Caller caller,
        DialogAccess access,
        DialogDirectory dialogs,
        DialogLog log,
        HandoffMetrics metrics,
        CancellationToken cancellationToken)
    {
        var found = await access.FindAsync(caller, id, cancellationToken);
        if (!found.IsThere)
        {
            return found.Refusal;
        }

        var dialog = found.Dialog;
        var key = IdempotencyKey.Unique(caller.Name);
        if (clientId is not null && !IdempotencyKey.TryCreate(caller.Name, clientId, out key))
        {
            return Problem.Member("client_id", $"1 to {IdempotencyKey.MaxLength} characters of printable ASCII without spaces.");
        }

        var person = (caller as OperatorCaller)?.Claims;
        var taken = await log.AppendHandoffAsync(
            dialog.Key, dialog.Owner, step, key, person is null ? Sender.User : Sender.Manager, person?.OperatorId, person?.Name, cancellationToken);
        if (taken.Outcome == AppendOutcome.Appended)
        {
            metrics.Taken(step, dialog);
        }

        switch (taken.Outcome)
        {
            case AppendOutcome.HandoffRefused:
                return Problem.HandoffWrongState with { Handoff = taken.Handoff };
            case AppendOutcome.HandoffNotYours:
                return Problem.HandoffNotYours with { Handoff = taken.Handoff };
            case AppendOutcome.KeyConflict:
                return Problem.IdempotencyConflict;
            case AppendOutcome.DialogNotFound:
                return Problem.DialogNotFound;
            default:
                return await dialogs.FindAsync(dialog.Key, cancellationToken) is { } now
                    ? TypedResults.Ok(HandoffStatus.Of(now))
                    : Problem.DialogNotFound;
        }
    }
}
