using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Accounts;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Operators;

/// <summary>An account's operators and bots: who they are, what they may do, and their removal.</summary>
internal static class OperatorsApi
{
    public static void MapOperators(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/operators").WithTags("Operators");
        group.MapGet("/", ListAsync).RequireCredential(Credential.Operator)
            .WithSummary("List the account's operators");
        group.MapPatch("/{id}", ChangeAsync).RequireCredential(Credential.Operator)
            .WithSummary("Change an operator's name or role")
            .WithDescription("Owners; one's own name everybody but bots. A new role makes the operator's tokens void. The last owner stays one.");
        group.MapDelete("/{id}", RemoveAsync).RequireOwner()
            .WithSummary("Remove an operator")
            .WithDescription("Their tokens are refused from then on, and their sockets are closed within two seconds. Nobody removes themselves.");
        group.MapPost("/bots", CreateBotAsync).RequireOwner()
            .WithSummary("Add a bot")
            .WithDescription("The key is shown this once. A bot answers dialogs as an operator does, and manages nothing.");
        group.MapPost("/{id}/key", ReplaceKeyAsync).RequireOwner()
            .WithSummary("Replace a bot's key")
            .WithDescription("The old key and the bot's tokens are void, and its sockets are closed within two seconds.");
    }

    private static async Task<Ok<AccountOperators>> ListAsync(
        OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        var people = accounts.ListOperatorsAsync(caller.Account, cancellationToken);
        var seen = await accounts.ListSeenAsync(caller.Account, cancellationToken);
        return TypedResults.Ok(new AccountOperators(
        [
            .. (await people)
                .OrderBy(person => person.Role == OperatorRole.Bot)
                .ThenBy(person => person.Login, StringComparer.Ordinal)
                .ThenBy(person => person.Name, StringComparer.Ordinal)
                .Select(person => AccountOperator.Of(person, seen.TryGetValue(person.Id, out var at) ? at : null)),
        ]));
    }

    private static async Task<Results<Ok<AccountOperator>, Problem>> ChangeAsync(
        string id, JsonBody<OperatorPatch> body, OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        var (name, role) = body.Value;
        if (name is null && role is null)
        {
            return Problem.Member("name", "One of name and role is needed.");
        }

        if (name is not null && OperatorFields.CheckName(ref name) is { } problem)
        {
            return problem;
        }

        var changed = await accounts.ChangeOperatorAsync(caller.Account, id, name, role, caller.Actor, cancellationToken);
        if (!changed.IsDone)
        {
            return changed.Outcome.ToProblem(Problem.OperatorNotFound);
        }

        var seen = await accounts.ListSeenAsync(caller.Account, cancellationToken);
        return TypedResults.Ok(AccountOperator.Of(changed.Value, seen.TryGetValue(id, out var at) ? at : null));
    }

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        string id, OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (id == caller.Claims.OperatorId)
        {
            return Problem.CannotRemoveSelf;
        }

        return await accounts.RemoveOperatorAsync(caller.Account, id, caller.Actor, cancellationToken) is var outcome
            && outcome == AccountOutcome.Done
                ? TypedResults.NoContent()
                : outcome.ToProblem(Problem.OperatorNotFound);
    }

    private static async Task<Results<Created<CreatedBot>, Problem>> CreateBotAsync(
        JsonBody<NewBot> body, OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        var name = body.Value.Name;
        if (OperatorFields.CheckName(ref name) is { } problem)
        {
            return problem;
        }

        var created = await accounts.CreateBotAsync(caller.Account, name, caller.Actor, cancellationToken);
        return created.IsDone
            ? TypedResults.Created((string?)null, new CreatedBot(created.Value.Operator.Id, name, created.Value.Secret))
            : created.Outcome.ToProblem(Problem.OperatorNotFound);
    }

    private static async Task<Results<Ok<BotKey>, Problem>> ReplaceKeyAsync(
        string id, OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        var replaced = await accounts.ReplaceKeyAsync(caller.Account, id, caller.Actor, cancellationToken);
        return replaced.IsDone
            ? TypedResults.Ok(new BotKey(replaced.Value.Secret))
            : replaced.Outcome.ToProblem(Problem.OperatorNotFound);
    }
}
