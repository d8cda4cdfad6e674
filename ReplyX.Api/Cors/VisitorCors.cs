using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Redis;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Cors;

/// <summary>
/// Lets pages read what visitors' endpoints answer: our own chat pages, and pages of a site that uses the client library directly.
/// docs/adr/0017 has the reasons, and why it is not the framework's.
/// </summary>
internal sealed partial class VisitorCors(AccountDirectory accounts, IOptions<OriginOptions> origins)
{
    // Browsers ask again after this; Chromium keeps it for two hours at most, and what is allowed seldom changes.
    private const string PreflightSeconds = "600";
    private const string AllowedMethods = "GET, POST, PUT";

    // The client begins a trace with a POST. A header that is missing here is no lost trace but a call that browsers do not make.
    private const string AllowedHeaders = "Authorization, Content-Type, traceparent";

    /// <summary>Whether it is an endpoint that visitors' pages call.</summary>
    public static bool IsForVisitors(PathString path) => VisitorPath().IsMatch(path.Value ?? "");

    /// <summary>Says who may read an answer that is about to be sent.</summary>
    public async Task AllowAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (context.Request.Headers.Origin is [{ } origin] && await MayReadAsync(context, origin))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = HeaderNames.RetryAfter;
        }
    }

    /// <summary>
    /// Answers what a browser asks before a request. It carries neither credential nor body, so the site is not known: every page is told
    /// the same, which is no more than the request needs.
    /// </summary>
    /// <returns>Whether it was such a question.</returns>
    public static bool TryAnswerPreflight(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsOptions(request.Method)
            || request.Headers.AccessControlRequestMethod.Count != 1
            || request.Headers.Origin is not [{ } origin]
            || origin.Contains('*')
            || !OriginPattern.TryParse(origin, out _))
        {
            return false;
        }

        var headers = context.Response.Headers;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = AllowedMethods;
        headers.AccessControlAllowHeaders = AllowedHeaders;
        headers.AccessControlMaxAge = PreflightSeconds;
        return true;
    }

    private async Task<bool> MayReadAsync(HttpContext context, string origin)
    {
        if (OriginPattern.IsListed(origins.Value.ChatHosts, origin))
        {
            return true;
        }

        // That a token is refused says nothing which the page did not know, and a page that cannot read it would try it for ever.
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            return OriginPattern.TryParse(origin, out _);
        }

        try
        {
            return await FindSiteAsync(context) is { DirectClient: true } site && OriginPattern.IsListed(site.Origins, origin);
        }
        catch (MessagingUnavailableException)
        {
            return false;
        }
    }

    private async Task<Site?> FindSiteAsync(HttpContext context) => (context.User, context.Features.Get<Site>()) switch
    {
        (_, { } started) => started,
        (DialogCaller visitor, _) => await accounts.FindSiteAsync(visitor.Account, visitor.Claims.SiteId, CancellationToken.None),
        (GuestCaller guest, _) => await accounts.FindSiteAsync(guest.Account, guest.Claims.SiteId, CancellationToken.None),
        _ => null,
    };

    [GeneratedRegex(@"\A/api/((widget|site)/dialogs(/.*)?|dialogs/[^/]+/handoff/(request|cancel|status))\z")]
    private static partial Regex VisitorPath();
}
