using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using ReplyX.Api.Limits;
using ReplyX.Api.Sites;

namespace ReplyX.Api.Oidc;

/// <summary>
/// Ends a sign-in by an authority with a session of ours, and shows what went wrong on the sign-in page: whoever comes back is a browser.
/// </summary>
internal sealed partial class OidcEvents(OidcSignIn signIn, PublicAddress address, ILogger<OidcEvents> logger) : OpenIdConnectEvents
{
    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        // The authority knows the public address, whichever one this request came by.
        context.ProtocolMessage.RedirectUri = address.Of(context.Request) + context.Options.CallbackPath;
        return Task.CompletedTask;
    }

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        var error = context.Principal is { } vouched
            ? await signIn.CompleteAsync(
                context.HttpContext,
                vouched,
                context.Properties?.Items.TryGetValue(OidcApi.Invitation, out var invitation) == true ? invitation : null,
                context.HttpContext.RequestAborted)
            : OidcError.Failed;
        if (error is null)
        {
            Redirect(context.HttpContext, "/console/");
        }
        else
        {
            Log.Refused(logger, context.Scheme.Name, error);
            ShowError(context.HttpContext, error);
        }

        context.HandleResponse();
    }

    public override Task AccessDenied(AccessDeniedContext context)
    {
        ShowError(context.HttpContext, OidcError.Denied);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    public override Task RemoteFailure(RemoteFailureContext context)
    {
        context.HttpContext.Features.Get<SignInAttempt>()?.Failed();
        Log.Failed(logger, context.Scheme.Name, context.Failure?.GetType().Name);
        ShowError(context.HttpContext, OidcError.Failed);
        context.HandleResponse();
        return Task.CompletedTask;
    }

    public static void ShowError(HttpContext context, string error) => Redirect(context, $"/console/sign-in#error={error}");

    private static void Redirect(HttpContext context, string path) => context.Response.Redirect(context.Request.PathBase + path);

    private static partial class Log
    {
        // The failure's text may repeat what the authority sent, so its type has to do.
        [LoggerMessage(1, LogLevel.Warning, "Signing in by {Scheme} failed: {Failure}")]
        public static partial void Failed(ILogger logger, string scheme, string? failure);

        [LoggerMessage(2, LogLevel.Information, "Signing in by {Scheme} was refused: {Reason}")]
        public static partial void Refused(ILogger logger, string scheme, string reason);
    }
}
