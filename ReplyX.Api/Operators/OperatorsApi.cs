using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Api.Limits;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Tokens;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Operators;

/// <summary>Operators: their sign-in, who they are, and their removal.</summary>
internal static class OperatorsApi
{
    // The longest address that e-mail allows (RFC 5321), and a bound on what is hashed.
    private const int MaxLoginLength = 254;
    private const int MaxPasswordLength = 256;

    public static void MapOperators(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/operator").WithTags("Operator");
        group.MapPost("/sign-in", SignInAsync)
            .WithSummary("Sign in")
            .WithDescription(
                "Which of login and password is wrong is not told. Keep `device_token` and send it with the next sign-in: who comes from "
                + "a known device is not locked out by others' wrong passwords.");
        group.MapPost("/refresh", RefreshAsync).RequireCredential(Credential.Operator).ChecksRevocation()
            .WithSummary("Refresh the operator token")
            .WithDescription("With a token that has not run out, of an operator who still exists.");

        var account = routes.MapGroup("/api/operators").WithTags("Operator");
        account.MapGet("/", ListAsync).RequireCredential(Credential.Operator)
            .WithSummary("List the account's operators");
        account.MapDelete("/{id}", RemoveAsync).RequireCredential(Credential.Operator)
            .WithSummary("Remove an operator")
            .WithDescription("Their tokens are refused from then on, and their sockets are closed within two seconds. Nobody removes themselves.");
    }

    private static async Task<Ok<AccountOperators>> ListAsync(
        OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        var people = await accounts.ListOperatorsAsync(caller.Account, cancellationToken);
        return TypedResults.Ok(new AccountOperators(
            [.. people.OrderBy(person => person.Login, StringComparer.Ordinal).Select(AccountOperator.Of)]));
    }

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        string id, OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (id == caller.Claims.OperatorId)
        {
            return Problem.CannotRemoveSelf;
        }

        return await accounts.RemoveOperatorAsync(caller.Account, id, caller.Claims.OperatorId, cancellationToken) switch
        {
            OperatorRemoval.Removed => TypedResults.NoContent(),
            OperatorRemoval.RemoverGone => Problem.TokenRevoked,
            _ => Problem.OperatorNotFound,
        };
    }

    private static async Task<Results<Ok<SignedIn>, Problem>> SignInAsync(
        HttpContext context,
        JsonBody<SignIn> body,
        SignInLimiter limiter,
        PasswordChecks passwords,
        AccountDirectory accounts,
        TokenService tokens,
        CancellationToken cancellationToken)
    {
        var (login, password, deviceToken) = body.Value;
        if (string.IsNullOrEmpty(login) || login.Length > MaxLoginLength)
        {
            return Problem.Member("login", $"It is needed, with at most {MaxLoginLength} characters.");
        }

        if (string.IsNullOrEmpty(password) || password.Length > MaxPasswordLength)
        {
            return Problem.Member("password", $"It is needed, with at most {MaxPasswordLength} characters.");
        }

        var device = await FindDeviceAsync(deviceToken, login, accounts, tokens, cancellationToken);
        using var attempt = limiter.Begin(ClientAddress.Of(context).ToString(), login, device);
        if (attempt.Wait is { } wait)
        {
            return Problem.RateLimited with { RetryAfter = wait };
        }

        var person = await accounts.FindOperatorByLoginAsync(login, cancellationToken);
        switch (await passwords.CheckAsync(login, device is not null, person, password, cancellationToken))
        {
            case null:
                return Problem.SignInBusy;
            case false:
                attempt.Failed();
                return Problem.SignInFailed;
        }

        // A device keeps its id, so that all sign-ins from it are counted together.
        var next = new DeviceClaims(person!.Account, person.Id, device?.DeviceId ?? Guid.NewGuid().ToString("N"));
        return TypedResults.Ok(Issue(person, tokens) with { DeviceToken = tokens.Issue(next).Token });
    }

    // A device token that is invalid, expired or another operator's is ignored: a refusal would tell something to a person who has only the token.
    private static async Task<DeviceClaims?> FindDeviceAsync(
        string? token, string login, AccountDirectory accounts, TokenService tokens, CancellationToken cancellationToken) =>
        await tokens.CheckDeviceAsync(token) is { IsValid: true, Claims: var device }
        && await accounts.FindOperatorByLoginAsync(login, cancellationToken) is { } person
        && (person.Account, person.Id) == (device.Account, device.OperatorId)
            ? device
            : null;

    private static async Task<Results<Ok<SignedIn>, Problem>> RefreshAsync(
        OperatorCaller caller, AccountDirectory accounts, TokenService tokens, CancellationToken cancellationToken) =>
        await accounts.FindOperatorAsync(caller.Account, caller.Claims.OperatorId, cancellationToken) is { } person
            ? TypedResults.Ok(Issue(person, tokens))
            : Problem.TokenRevoked;

    private static SignedIn Issue(Operator person, TokenService tokens)
    {
        var token = tokens.Issue(new OperatorClaims(person.Account, person.Id, person.Name));
        return new SignedIn(token.Token, token.ExpiresAt!.Value, new OperatorView(person.Id, person.Name));
    }
}
