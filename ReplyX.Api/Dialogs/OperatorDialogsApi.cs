using System.Collections.Frozen;
using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Api.Handoff;
using ReplyX.Api.Messages;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Dialogs;

/// <summary>The endpoints for an account's dialogs.</summary>
internal static class OperatorDialogsApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxOffset = 1_000_000;
    private const int MaxTextLength = 100;

    private static readonly FrozenSet<string> _noSites = FrozenSet<string>.Empty;

    public static void MapOperatorDialogs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/dialogs").WithTags("Operator");
        group.MapGet("/", ListAsync).RequireCredential(Credential.Operator)
            .WithSummary("List the account's dialogs")
            .WithDescription(
                "The latest active first. `cursor` is where the list's socket goes on from. `filter` is `all`, `waiting`, `mine`, `assistant` "
                + "or `closed`; `q` looks into the visitor's name, e-mail address and page, the latest message and the id. One request looks "
                + "at a thousand dialogs at most: go on from `next_offset` for as long as it is there, even after an empty page.");
        group.MapGet("/{id}", GetAsync).RequireCredential(Credential.Operator).ChecksRevocation()
            .WithSummary("Read a dialog and what is known of its visitor");
        group.MapOperatorMessages();
        group.MapHandoff();
    }

    private static async Task<Results<Ok<AccountDialogs>, Problem>> ListAsync(
        [AsParameters] DialogsQuery query,
        OperatorCaller caller,
        DialogDirectory dialogs,
        DialogLog log,
        AccountDirectory accounts,
        AssistantDirectory assistants,
        CancellationToken cancellationToken)
    {
        if (!QueryNumber.TryParse(query.Limit, DefaultLimit, 1, MaxLimit, out var most))
        {
            return Problem.Parameter("limit", $"A number from 1 to {MaxLimit}.");
        }

        if (!QueryNumber.TryParse(query.Offset, 0, 0, MaxOffset, out var skip))
        {
            return Problem.Parameter("offset", $"A number from 0 to {MaxOffset}.");
        }

        if (!TryParse(query.Filter, out var state))
        {
            return Problem.Parameter("filter", "It is all, waiting, mine, assistant or closed.");
        }

        var text = query.Text?.Trim();
        if (text?.Length > MaxTextLength)
        {
            return Problem.Parameter("q", $"At most {MaxTextLength} characters.");
        }

        var filter = new DialogFilter
        {
            State = state,
            OperatorId = caller.Claims.OperatorId,
            AssistedSites = state == DialogState.Assistant ? await AssistedSitesAsync(caller.Account, accounts, assistants, cancellationToken) : _noSites,
            SiteId = string.IsNullOrEmpty(query.SiteId) ? null : query.SiteId,
            Text = string.IsNullOrEmpty(text) ? null : text,
        };

        // Read before the list: a change in between is then sent twice, which is better than not at all.
        var cursor = await log.GetHeadAsync(StreamKey.ForFeed(caller.Account), cancellationToken);
        var found = await dialogs.SearchAsync(caller.Account, filter, (int)skip, (int)most, cancellationToken);
        return TypedResults.Ok(new AccountDialogs([.. found.Items.Select(DialogView.Of)], found.Total, found.Next, cursor.ToString()));
    }

    private static async Task<IReadOnlySet<string>> AssistedSitesAsync(
        string account, AccountDirectory accounts, AssistantDirectory assistants, CancellationToken cancellationToken)
    {
        var sites = await accounts.ListSitesAsync(account, cancellationToken);
        return await assistants.FindEnabledAsync(account, [.. sites.Select(site => site.Id)], cancellationToken);
    }

    private static async Task<Results<Ok<DialogDetails>, Problem>> GetAsync(
        string id, OperatorCaller caller, DialogAccess access, CancellationToken cancellationToken) =>
        await access.FindAsync(caller, id, cancellationToken) is var found && found.IsThere
            ? TypedResults.Ok(DialogDetails.Of(found.Dialog))
            : found.Refusal;

    private static bool TryParse(string? filter, out DialogState state)
    {
        (state, var isKnown) = filter switch
        {
            null or "" or "all" => (DialogState.All, true),
            "waiting" => (DialogState.Waiting, true),
            "mine" => (DialogState.Mine, true),
            "assistant" => (DialogState.Assistant, true),
            "closed" => (DialogState.Closed, true),
            _ => (default, false),
        };
        return isKnown;
    }
}
