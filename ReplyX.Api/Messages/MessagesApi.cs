using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Api.Dialogs;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Messages;

/// <summary>History and sending, for the visitor and for the account's side.</summary>
internal static class MessagesApi
{
    private const string HistoryHelp =
        "Without `after` and `before`: the latest. `after` (a number or a cursor) pages forward, `before` (a number) backward, "
        + "as long as `has_more` says so: a page is bounded by bytes, too. "
        + "`cursor` is the last item's, and where a socket goes on from. `reset` says that the log does not hold what `after` names: "
        + "the latest follow, and what the client has is to be dropped. `read` says how far each side has read.";

    private const string SendHelp =
        "201 once, 200 with the same message for every retry with the same `client_id` and text. After a 503 or no answer at all, retry.";

    public static void MapVisitorMessages(this RouteGroupBuilder dialogs, DialogMode mode)
    {
        dialogs.MapGet("/{id}/messages", async Task<Results<HistoryPage, Problem>> (
                string id, [AsParameters] HistoryQuery query, DialogCaller caller, DialogAccess access, History history, CancellationToken cancellationToken) =>
                await access.FindAsync(caller, mode, id, cancellationToken) is var found && found.IsThere
                    ? await history.ReadAsync(found.Dialog, query, cancellationToken)
                    : found.Refusal)
            .RequireCredential(Credential.Dialog)
            .WithSummary("Read messages")
            .WithDescription(HistoryHelp);

        dialogs.MapPost("/{id}/messages", async Task<IResult> (
                string id, JsonBody<SendMessage> body, DialogCaller caller, DialogAccess access, MessageSender sender, CancellationToken cancellationToken) =>
                await access.CheckAsync(caller, mode, id, cancellationToken) ?? await sender.SendAsync(caller, body.Value, cancellationToken))
            .Produces<SentUserMessage>(StatusCodes.Status201Created)
            .Produces<SentUserMessage>()
            .RequireCredential(Credential.Dialog)
            .Appends()
            .WithSummary("Send a message")
            .WithDescription(SendHelp);
    }

    public static void MapOperatorMessages(this RouteGroupBuilder dialogs)
    {
        dialogs.MapGet("/{id}/messages", async Task<Results<HistoryPage, Problem>> (
                string id, [AsParameters] HistoryQuery query, OperatorCaller caller, DialogAccess access, History history, CancellationToken cancellationToken) =>
                await access.FindAsync(caller, id, cancellationToken) is var found && found.IsThere
                    ? await history.ReadAsync(found.Dialog, query, cancellationToken)
                    : found.Refusal)
            .RequireCredential(Credential.Operator)
            .ChecksRevocation()
            .WithSummary("Read messages")
            .WithDescription(HistoryHelp);

        dialogs.MapPost("/{id}/messages", async Task<IResult> (
                string id, JsonBody<SendOperatorMessage> body, OperatorCaller caller, DialogAccess access, MessageSender sender, CancellationToken cancellationToken) =>
                await access.FindAsync(caller, id, cancellationToken) is var found && found.IsThere
                    ? await sender.SendAsync(found.Dialog, caller, body.Value, cancellationToken)
                    : found.Refusal)
            .Produces<SentMessage>(StatusCodes.Status201Created)
            .Produces<SentMessage>()
            .RequireCredential(Credential.Operator)
            .ChecksRevocation()
            .Appends()
            .WithSummary("Answer a dialog")
            .WithDescription(SendHelp + " `sender` is `manager`, the operator, or `assistant`, which is refused while an operator holds the dialog.");
    }
}
