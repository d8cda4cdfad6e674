using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Authentication;

/// <summary>
/// Checks <c>Authorization: Bearer</c> for the types of token that the endpoint accepts, and refuses a missing, invalid or expired one.
/// A token in any other place, such as the query, is ignored.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenService tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Bearer";
    private const string Prefix = Scheme + " ";

    private Problem _problem = Problem.TokenMissing;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (headers.Count == 0 || Context.GetEndpoint()?.Metadata.GetMetadata<CredentialMetadata>() is not { } wanted)
        {
            return AuthenticateResult.NoResult();
        }

        var (caller, failure) = headers is [{ } header] && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? await CheckAsync(header[Prefix.Length..].Trim(), wanted.Accepted)
            : (null, TokenFailure.Invalid);
        if (caller is null)
        {
            _problem = failure == TokenFailure.Expired ? Problem.TokenExpired : Problem.TokenInvalid;
            return AuthenticateResult.Fail(_problem.Code);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => _problem.ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problem.TokenInvalid.ExecuteAsync(Context);

    private async Task<(Caller? Caller, TokenFailure Failure)> CheckAsync(string token, Credential accepted)
    {
        var worst = TokenFailure.Invalid;
        if (accepted.HasFlag(Credential.Operator))
        {
            var check = await tokens.CheckOperatorAsync(token);
            if (check.IsValid)
            {
                return (new OperatorCaller(check.Claims), TokenFailure.None);
            }

            worst = Combine(worst, check.Failure);
        }

        if (accepted.HasFlag(Credential.Dialog))
        {
            var check = await tokens.CheckDialogAsync(token);
            if (check.IsValid)
            {
                return (new DialogCaller(check.Claims), TokenFailure.None);
            }

            worst = Combine(worst, check.Failure);
        }

        if (accepted.HasFlag(Credential.Guest))
        {
            var check = await tokens.CheckGuestAsync(token);
            if (check.IsValid)
            {
                return (new GuestCaller(check.Claims), TokenFailure.None);
            }

            worst = Combine(worst, check.Failure);
        }

        return (null, worst);
    }

    // A token has one type. If a check says that it has expired, it is of that type.
    private static TokenFailure Combine(TokenFailure known, TokenFailure next) => next == TokenFailure.Expired ? next : known;
}
