using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Authentication;
using ReplyX.Api.Limits;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Tokens;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Operators;

/// <summary>How operators and bots sign in, stay signed in, and sign out.</summary>
internal static class SignInApi
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/operator").WithTags("Operator");
        group.MapPost("/sign-in", SignInAsync)
            .WithSummary("Sign in")
            .WithDescription(
                "Which of login and password is wrong is not told. Keep `device_token` and send it with the next sign-in: who comes from "
                + "a known device is not locked out by others' wrong passwords. Browsers get a session cookie too, for `refresh`.");
        group.MapPost("/bot-token", BotTokenAsync)
            .WithSummary("Exchange a bot's key for a token");
        group.MapPost("/refresh", RefreshAsync).AllowCredential(Credential.Operator)
            .WithSummary("Refresh the operator token")
            .WithDescription(
                "With a token that has not run out, of a session that has not ended or of a bot; or with the session cookie, by a page of ours that "
                + "sends `X-ReplyX-Request: 1`.");
        group.MapPost("/sign-out", SignOutAsync).AllowCredential(Credential.Operator)
            .WithSummary("End this session")
            .WithDescription("The session of the cookie, and that of the token, which lives until it runs out and is not refreshed any more.");
        group.MapPost("/sign-out-everywhere", SignOutEverywhereAsync).RequireCredential(Credential.Operator)
            .WithSummary("Sign out everywhere")
            .WithDescription("All tokens, device tokens and sessions are void, and sockets are closed within two seconds.");
        group.MapPost("/password", ChangePasswordAsync).RequireCredential(Credential.Operator)
            .WithSummary("Change the password")
            .WithDescription("All other tokens and sessions are void, and sockets by them are closed within two seconds.");
        group.MapGet("/sessions", ListSessionsAsync).RequireCredential(Credential.Operator)
            .WithSummary("Where one is signed in")
            .WithDescription("The browsers and programs with a session, the last used first.");
        group.MapGet("/me", MeAsync).RequireCredential(Credential.Operator)
            .WithSummary("Who is signed in");
    }

    private static async Task<Ok<Me>> MeAsync(OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        var account = await accounts.GetAccountAsync(caller.Account, cancellationToken);
        var person = caller.Person;
        return TypedResults.Ok(new Me(person.Id, person.Name, person.Login, person.Role, new AccountView(account.Id, account.Name)));
    }

    private static async Task<Results<Ok<SignedIn>, Problem>> SignInAsync(
        HttpContext context,
        JsonBody<SignIn> body,
        SignInLimiter limiter,
        PasswordChecks passwords,
        AccountDirectory accounts,
        TokenService tokens,
        OperatorSignIn signIn,
        CancellationToken cancellationToken)
    {
        var (login, password, deviceToken) = body.Value;
        if (string.IsNullOrEmpty(login) || login.Length > OperatorFields.MaxLoginLength)
        {
            return Problem.Member("login", $"It is needed, with at most {OperatorFields.MaxLoginLength} characters.");
        }

        if (string.IsNullOrEmpty(password) || password.Length > OperatorFields.MaxPasswordLength)
        {
            return Problem.Member("password", $"It is needed, with at most {OperatorFields.MaxPasswordLength} characters.");
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

        return await signIn.BeginAsync(context, person!, device, cancellationToken) is { } signedIn
            ? TypedResults.Ok(signedIn)
            : Problem.SignInFailed;
    }

    // A device token that is invalid, expired or another operator's is ignored: a refusal would tell something to a person who has only the token.
    private static async Task<DeviceClaims?> FindDeviceAsync(
        string? token, string login, AccountDirectory accounts, TokenService tokens, CancellationToken cancellationToken) =>
        await tokens.CheckDeviceAsync(token) is { IsValid: true, Claims: var device }
        && await accounts.FindOperatorByLoginAsync(login, cancellationToken) is { } person
        && (person.Account, person.Id, person.DeviceGeneration) == (device.Account, device.OperatorId, device.Generation)
            ? device
            : null;

    private static async Task<Results<Ok<SignedIn>, Problem>> BotTokenAsync(
        HttpContext context,
        JsonBody<BotKey> body,
        SignInLimiter limiter,
        AccountDirectory accounts,
        OperatorSignIn signIn,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(body.Value.Key))
        {
            return Problem.Member("key", "It is needed.");
        }

        using var attempt = limiter.BeginWithSecret(ClientAddress.Of(context).ToString());
        if (attempt.Wait is { } wait)
        {
            return Problem.RateLimited with { RetryAfter = wait };
        }

        if (await accounts.FindBotByKeyAsync(body.Value.Key, cancellationToken) is not { } bot)
        {
            attempt.Failed();
            return Problem.KeyInvalid;
        }

        return TypedResults.Ok(await signIn.IssueAsync(bot, session: null, cancellationToken));
    }

    private static async Task<Results<Ok<SignedIn>, Problem>> RefreshAsync(
        HttpContext context,
        OperatorCaller? caller,
        SameSite site,
        OperatorSessions sessions,
        OperatorSignIn signIn,
        CancellationToken cancellationToken)
    {
        if (caller is not null)
        {
            // Or a token that was copied would outlive the session that it came from.
            var session = caller.Claims.Session;
            var living = session is not null
                ? await sessions.UseAsync(caller.Account, caller.Claims.OperatorId, session, cancellationToken)
                : caller.Person.Role == OperatorRole.Bot ? caller.Person : null;
            return living is null
                ? Problem.SessionEnded
                : TypedResults.Ok(await signIn.IssueAsync(living, session, cancellationToken));
        }

        if (SessionCookie.Of(context.Request) is not { } secret)
        {
            return Problem.TokenMissing;
        }

        if (!site.IsFromOurPage(context.Request))
        {
            return Problem.CrossSite;
        }

        if (await sessions.UseAsync(secret, cancellationToken) is not { } person)
        {
            // The cookie stays: in the browser it may be a newer session's by now, which a deletion by name would take with it.
            return Problem.SessionEnded;
        }

        SessionCookie.Set(context, secret);
        return TypedResults.Ok(await signIn.IssueAsync(person, OperatorSessions.IdOf(secret), cancellationToken));
    }

    private static async Task<Results<NoContent, Problem>> SignOutAsync(
        HttpContext context, OperatorCaller? caller, SameSite site, OperatorSessions sessions, CancellationToken cancellationToken)
    {
        var secret = SessionCookie.Of(context.Request);
        if (caller is null && secret is null)
        {
            return Problem.TokenMissing;
        }

        // Who holds the token is no page of somebody else's.
        if (caller is null && !site.IsFromOurPage(context.Request))
        {
            return Problem.CrossSite;
        }

        await sessions.EndAsync(secret, cancellationToken);
        if (caller?.Claims.Session is { } session)
        {
            await sessions.EndAsync(caller.Account, caller.Claims.OperatorId, session, cancellationToken);
        }

        SessionCookie.Delete(context);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionList>> ListSessionsAsync(
        OperatorCaller caller, OperatorSessions sessions, CancellationToken cancellationToken)
    {
        var all = await sessions.ListAsync(caller.Account, caller.Claims.OperatorId, cancellationToken);
        return TypedResults.Ok(new SessionList(
            [.. all.Select(session => new SessionView(session.Device, session.CreatedAt, session.UsedAt))]));
    }

    private static async Task<Results<NoContent, Problem>> SignOutEverywhereAsync(
        HttpContext context, OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        if (await accounts.SignOutEverywhereAsync(caller.Person, cancellationToken) != AccountOutcome.Done)
        {
            return Problem.TokenRevoked;
        }

        SessionCookie.Delete(context);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<SignedIn>, Problem>> ChangePasswordAsync(
        HttpContext context,
        JsonBody<NewPassword> body,
        OperatorCaller caller,
        SignInLimiter limiter,
        PasswordChecks passwords,
        AccountDirectory accounts,
        OperatorSignIn signIn,
        CancellationToken cancellationToken)
    {
        var person = caller.Person;
        var (current, password) = body.Value;
        if (string.IsNullOrEmpty(current) || current.Length > OperatorFields.MaxPasswordLength)
        {
            return Problem.Member("current", $"It is needed, with at most {OperatorFields.MaxPasswordLength} characters.");
        }

        if (OperatorFields.CheckPassword(ref password, person.Login, "new") is { } problem)
        {
            return problem;
        }

        using var attempt = limiter.Begin(ClientAddress.Of(context).ToString(), person.Login, device: null);
        if (attempt.Wait is { } wait)
        {
            return Problem.RateLimited with { RetryAfter = wait };
        }

        switch (await passwords.CheckAsync(person.Login, device: true, person, current, cancellationToken))
        {
            case null:
                return Problem.SignInBusy;
            case false:
                attempt.Failed();
                return Problem.PasswordWrong;
        }

        if (await passwords.HashAsync(person.Login, password, cancellationToken) is not { } hash)
        {
            return Problem.SignInBusy;
        }

        var changed = await accounts.ChangePasswordAsync(person, hash, DeviceName.Of(context.Request), cancellationToken);
        if (!changed.IsDone)
        {
            return Problem.TokenRevoked;
        }

        SessionCookie.Set(context, changed.Value.Secret);
        return TypedResults.Ok(await signIn.IssueAsync(
            changed.Value.Operator, OperatorSessions.IdOf(changed.Value.Secret), cancellationToken));
    }
}
