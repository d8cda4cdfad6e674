using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Sites;

/// <summary>Site tokens and the code that embeds the chat.</summary>
internal static class SitesApi
{
    public static void MapSites(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api").WithTags("Sites");
        group.MapPost("/site-token", IssueAsync).RequireCredential(Credential.Operator)
            .WithSummary("Get a site's token")
            .WithDescription("The account's own sites only. The token lives until it is rotated.");
        group.MapPost("/site-token/rotate", RotateAsync).RequireCredential(Credential.Operator)
            .WithSummary("Replace a site's token")
            .WithDescription(
                "The old one starts no dialog from then on, what it started asks for the new one, and its sockets are closed within two seconds.");
        group.MapGet("/embed-code", EmbedAsync).RequireCredential(Credential.Operator)
            .WithSummary("Get the HTML that embeds the chat");
        group.MapPost("/validate-widget-token", ValidateAsync)
            .WithSummary("Check a site token")
            .WithDescription("Always 200: `valid` tells, and `reason` why not (`invalid`, `rotated`).");
    }

    private static Task<Results<Ok<SiteToken>, Problem>> IssueAsync(
        JsonBody<NewSiteToken> body, OperatorCaller caller, AccountDirectory accounts, SiteTokens tokens, CancellationToken cancellationToken) =>
        TokenOfAsync(body.Value.SiteId, siteId => accounts.FindSiteAsync(caller.Account, siteId, cancellationToken), tokens);

    private static Task<Results<Ok<SiteToken>, Problem>> RotateAsync(
        JsonBody<NewSiteToken> body, OperatorCaller caller, AccountDirectory accounts, SiteTokens tokens, CancellationToken cancellationToken) =>
        TokenOfAsync(body.Value.SiteId, siteId => accounts.RotateSiteTokenAsync(caller.Account, siteId, cancellationToken), tokens);

    private static async Task<Results<Ok<SiteToken>, Problem>> TokenOfAsync(string? siteId, Func<string, Task<Site?>> find, SiteTokens tokens)
    {
        if (string.IsNullOrEmpty(siteId))
        {
            return Problem.Member("site_id", "It is needed.");
        }

        return await find(siteId) is { } site ? TypedResults.Ok(new SiteToken(tokens.Issue(site))) : Problem.SiteNotFound;
    }

    private static async Task<Results<Ok<EmbedCode>, Problem>> EmbedAsync(
        string? site_id,
        HttpRequest request,
        OperatorCaller caller,
        AccountDirectory accounts,
        SiteTokens tokens,
        IOptions<SitesOptions> options,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(site_id))
        {
            return Problem.Parameter("site_id", "It is needed.");
        }

        if (await accounts.FindSiteAsync(caller.Account, site_id, cancellationToken) is not { } site)
        {
            return Problem.SiteNotFound;
        }

        var root = options.Value.PublicUrl?.AbsoluteUri ?? $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase}";
        var script = HtmlEncoder.Default.Encode($"{root.TrimEnd('/')}/widget.js");
        var token = HtmlEncoder.Default.Encode(tokens.Issue(site));
        return TypedResults.Ok(new EmbedCode($"<script async src=\"{script}\" data-site-token=\"{token}\"></script>"));
    }

    private static async Task<Results<Ok<SiteTokenValidity>, Problem>> ValidateAsync(
        JsonBody<ValidateSiteToken> body, SiteTokens tokens, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(body.Value.Token))
        {
            return Problem.Member("token", "It is needed.");
        }

        var (site, refusal) = await tokens.CheckAsync(body.Value.Token, cancellationToken);
        return TypedResults.Ok(site is null
            ? new SiteTokenValidity(false, null, refusal)
            : new SiteTokenValidity(true, new SiteView(site.Id, site.Name), null));
    }
}
