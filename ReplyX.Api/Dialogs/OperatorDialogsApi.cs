using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Api.Handoff;
using ReplyX.Api.Messages;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Dialogs;

/// <summary>The endpoints for an account's dialogs.</summary>
internal static class OperatorDialogsApi
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxOffset = 1_000_000;

    public static void MapOperatorDialogs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/dialogs").WithTags("Operator");
        group.MapGet("/", ListAsync).RequireCredential(Credential.Operator)
            .WithSummary("List the account's dialogs")
            .WithDescription("The latest active first. `cursor` is where the list's socket goes on from.");
        group.MapOperatorMessages();
        group.MapHandoff();
    }

    private static async Task<Results<Ok<AccountDialogs>, Problem>> ListAsync(
        string? limit,
        string? offset,
        OperatorCaller caller,
        DialogDirectory dialogs,
        DialogLog log,
        CancellationToken cancellationToken)
    {
        if (!QueryNumber.TryParse(limit, DefaultLimit, 1, MaxLimit, out var most))
        {
            return Problem.Parameter("limit", $"A number from 1 to {MaxLimit}.");
        }

        if (!QueryNumber.TryParse(offset, 0, 0, MaxOffset, out var skip))
        {
            return Problem.Parameter("offset", $"A number from 0 to {MaxOffset}.");
        }

        // Read before the list: a change in between is then sent twice, which is better than not at all.
        var cursor = await log.GetHeadAsync(StreamKey.ForFeed(caller.Account), cancellationToken);
        var page = await dialogs.ListForAccountAsync(caller.Account, (int)skip, (int)most, cancellationToken);
        return TypedResults.Ok(new AccountDialogs([.. page.Items.Select(DialogView.Of)], page.Total, cursor.ToString()));
    }
}
