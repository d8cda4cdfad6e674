using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Accounts;
using ReplyX.Api.Authentication;
using ReplyX.Api.Limits;
using ReplyX.Api.Oidc;
using ReplyX.Api.Operators;
using ReplyX.Api.Sites;
using ReplyX.Messaging.Accounts;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Invitations;

/// <summary>Invitations to an account, and new accounts, which begin with one.</summary>
internal static class InvitationsApi
{
    private const string NewAccountName = "New account";

    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/invitations").WithTags("Invitations");
        group.MapPost("/", CreateAsync).RequireOwner()
            .WithSummary("Invite somebody to the account")
            .WithDescription("The link is shown this once. It is good for one person and seven days.");
        group.MapGet("/", ListAsync).RequireOwner()
            .WithSummary("List the open invitations");
        group.MapDelete("/{id}", WithdrawAsync).RequireOwner()
            .WithSummary("Withdraw an invitation");
        group.MapPost("/look", LookAsync)
            .WithSummary("What an invitation is to")
            .WithDescription("For the page behind the link. It takes nothing from the invitation.");
        group.MapPost("/accept", AcceptAsync)
            .WithSummary("Accept an invitation")
            .WithDescription("Makes an operator and signs them in. `account_name` counts where `is_first` said that nobody is there yet.");
    }

    /// <summary>Making accounts is for who runs the platform.</summary>
    public static void MapNewAccounts(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/accounts", CreateAccountAsync)
            .AddEndpointFilter<JsonBodyFilter>()
            .WithTags("Internal")
            .RequireOperationsToken()
            .DisableRateLimiting()
            .WithSummary("Make an account")
            .WithDescription("Answers with the link that invites its first owner.");

    private static async Task<Results<Created<InvitationView>, Problem>> CreateAsync(
        JsonBody<NewInvitationRequest> body,
        HttpRequest request,
        OperatorCaller caller,
        InvitationBook invitations,
        PublicAddress address,
        CancellationToken cancellationToken)
    {
        var (login, name, role) = body.Value;
        if (role is null)
        {
            return Problem.Member("role", "It is needed: owner or operator.");
        }

        if (login is not null && OperatorFields.CheckLogin(ref login) is { } wrongLogin)
        {
            return wrongLogin;
        }

        if (name is not null && OperatorFields.CheckName(ref name) is { } wrongName)
        {
            return wrongName;
        }

        var created = await invitations.CreateAsync(caller.Account, login, name, role.Value, caller.Actor, cancellationToken);
        return created.IsDone
            ? TypedResults.Created((string?)null, View(created.Value, request, address))
            : created.Outcome.ToProblem(Problem.InvitationNotFound);
    }

    private static async Task<Ok<AccountInvitations>> ListAsync(
        OperatorCaller caller, InvitationBook invitations, CancellationToken cancellationToken)
    {
        var open = await invitations.ListAsync(caller.Account, cancellationToken);
        return TypedResults.Ok(new AccountInvitations([.. open.Select(invitation => InvitationView.Of(invitation))]));
    }

    private static async Task<Results<NoContent, Problem>> WithdrawAsync(
        string id, OperatorCaller caller, InvitationBook invitations, CancellationToken cancellationToken) =>
        await invitations.WithdrawAsync(caller.Account, id, caller.Actor, cancellationToken) is var outcome
        && outcome == AccountOutcome.Done
            ? TypedResults.NoContent()
            : outcome.ToProblem(Problem.InvitationNotFound);

    private static async Task<Results<Ok<InvitationLook>, Problem>> LookAsync(
        HttpContext context,
        JsonBody<InvitationSecret> body,
        SignInLimiter limiter,
        InvitationBook invitations,
        AccountDirectory accounts,
        OidcProviders oidc,
        CancellationToken cancellationToken)
    {
        var (invitation, problem) = await FindAsync(context, body.Value.Secret, limiter, invitations, cancellationToken);
        if (invitation is null)
        {
            return problem!;
        }

        var account = await accounts.GetAccountAsync(invitation.Account, cancellationToken);
        var people = await accounts.ListOperatorsAsync(invitation.Account, cancellationToken);
        return TypedResults.Ok(new InvitationLook(
            account.Name,
            invitation.Login,
            invitation.Name,
            invitation.Role,
            invitation.ExpiresAt,
            people.Count == 0,
            invitation.Login is null ? null : $"{invitation.Account}.{invitation.Id}",
            invitation.Login is null ? [] : oidc.Views));
    }

    private static async Task<Results<Ok<SignedIn>, Problem>> AcceptAsync(
        HttpContext context,
        JsonBody<AcceptInvitation> body,
        SignInLimiter limiter,
        PasswordChecks passwords,
        InvitationBook invitations,
        OperatorSignIn signIn,
        CancellationToken cancellationToken)
    {
        var (secret, name, login, password, accountName) = body.Value;
        if (OperatorFields.CheckName(ref name) is { } wrongName)
        {
            return wrongName;
        }

        if (OperatorFields.CheckLogin(ref login) is { } wrongLogin)
        {
            return wrongLogin;
        }

        if (OperatorFields.CheckPassword(ref password, login, "password") is { } wrongPassword)
        {
            return wrongPassword;
        }

        if (accountName is not null && OperatorFields.CheckName(ref accountName, "account_name") is { } wrongAccount)
        {
            return wrongAccount;
        }

        // The secret before the hash, which takes a core for a while.
        var (invitation, problem) = await FindAsync(context, secret, limiter, invitations, cancellationToken);
        if (invitation is null)
        {
            return problem!;
        }

        if (invitation.Login is { } proposed && !string.Equals(proposed, login, StringComparison.OrdinalIgnoreCase))
        {
            return Problem.Member("login", "The invitation is for another.");
        }

        if (await passwords.HashAsync(login, password, cancellationToken) is not { } hash)
        {
            return Problem.SignInBusy;
        }

        var joined = await invitations.AcceptAsync(invitation, new Joining(login, name, hash, accountName));
        if (!joined.IsDone)
        {
            return joined.Outcome.ToProblem(Problem.InvitationNotFound);
        }

        return await signIn.BeginAsync(context, joined.Value, device: null, cancellationToken) is { } signedIn
            ? TypedResults.Ok(signedIn)
            : Problem.SignInFailed;
    }

    private static async Task<Results<Created<CreatedAccount>, Problem>> CreateAccountAsync(
        JsonBody<NewAccount> body,
        HttpRequest request,
        AccountDirectory accounts,
        InvitationBook invitations,
        PublicAddress address,
        CancellationToken cancellationToken)
    {
        var name = body.Value.Name ?? NewAccountName;
        var login = body.Value.Login;
        if ((OperatorFields.CheckName(ref name) ?? (login is null ? null : OperatorFields.CheckLogin(ref login))) is { } problem)
        {
            return problem;
        }

        var account = await accounts.CreateAccountAsync(name, cancellationToken);
        var invited = await invitations.CreateAsync(
            account.Id, login, name: null, OperatorRole.Owner, Actor.Platform, cancellationToken);
        return invited.IsDone
            ? TypedResults.Created((string?)null, new CreatedAccount(account.Id, account.Name, View(invited.Value, request, address)))
            : invited.Outcome.ToProblem(Problem.InvitationNotFound);
    }

    private static async Task<(Invitation? Found, Problem? Problem)> FindAsync(
        HttpContext context,
        string? secret,
        SignInLimiter limiter,
        InvitationBook invitations,
        CancellationToken cancellationToken)
    {
        using var attempt = limiter.BeginWithSecret(ClientAddress.Of(context).ToString());
        if (attempt.Wait is { } wait)
        {
            return (null, Problem.RateLimited with { RetryAfter = wait });
        }

        if (await invitations.FindAsync(secret, cancellationToken) is { } invitation)
        {
            return (invitation, null);
        }

        attempt.Failed();
        return (null, Problem.InvitationNotFound);
    }

    // After the #, which browsers send to nobody and keep out of logs.
    private static InvitationView View(NewInvitation made, HttpRequest request, PublicAddress address) =>
        InvitationView.Of(made.Invitation, $"{address.Of(request)}/console/invitation#{made.Secret}");
}
