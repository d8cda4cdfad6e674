using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ReplyX.Api.Oidc;

/// <summary>Signing in by an authority. Where the authority sends the browser back to, its handler answers.</summary>
internal static partial class OidcApi
{
    /// <summary>Under what the state that the browser carries has the invitation that somebody came with.</summary>
    public const string Invitation = "invitation";

    // An account's id and an invitation's, both short.
    private const int MaxInvitationLength = 128;

    public static void MapOidc(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/operator/oidc").WithTags("Operator");
        group.MapGet("/", (OidcProviders providers) => TypedResults.Ok(new OidcProviderList(providers.Views)))
            .WithSummary("The authorities to sign in by");
        group.MapGet("/{provider}/start", StartAsync)
            .WithSummary("Sign in by an authority")
            .WithDescription(
                "For a browser to go to, with the `invitation` that `look` told where somebody joins by one. It comes back to `/console/` with the session cookie, or to `/console/sign-in#error=` and one of "
                + "`oidc_denied`, `oidc_email_unverified`, `oidc_failed`, `oidc_unavailable`, `oidc_unknown_person` and `store_unavailable`.");
    }

    private static async Task<Results<EmptyHttpResult, Problem>> StartAsync(
        string provider, string? invitation, HttpContext context, OidcProviders providers, ILogger<OidcSignIn> logger)
    {
        if (providers.FindScheme(provider) is not { } scheme)
        {
            return Problem.NotFound;
        }

        try
        {
            var properties = new AuthenticationProperties { RedirectUri = "/console/" };
            if (invitation is { Length: <= MaxInvitationLength })
            {
                properties.Items[Invitation] = invitation;
            }

            await context.ChallengeAsync(scheme, properties);
        }
        catch (Exception exception) when (IsUnavailable(exception) && !context.RequestAborted.IsCancellationRequested)
        {
            Log.Unavailable(logger, scheme, exception.GetType().Name);
            OidcEvents.ShowError(context, OidcError.Unavailable);
        }

        return TypedResults.Empty;
    }

    // The library throws the first where the discovery document cannot be had, and lets others through.
    private static bool IsUnavailable(Exception exception) =>
        exception is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException;

    private static partial class Log
    {
        [LoggerMessage(3, LogLevel.Warning, "The authority of {Scheme} does not answer: {Failure}")]
        public static partial void Unavailable(ILogger logger, string scheme, string failure);
    }
}
