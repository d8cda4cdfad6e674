using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using ReplyX.Api.Accounts;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Sites;

/// <summary>An account's sites, their tokens and the code that embeds the chat.</summary>
internal static class SitesApi
{
    public static void MapSites(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api").WithTags("Sites");
        group.MapPost("/site-token", IssueAsync).RequireCredential(Credential.Operator)
            .WithSummary("Get a site's token")
            .WithDescription("The account's own sites only. The token lives until it is rotated.");
        group.MapPost("/site-token/rotate", RotateAsync).RequireOwner()
            .WithSummary("Replace a site's token")
            .WithDescription(
                "The old one starts no dialog from then on, what it started asks for the new one, and its sockets are closed within two seconds.");
        group.MapGet("/embed-code", EmbedAsync).RequireCredential(Credential.Operator)
            .WithSummary("Get the HTML that embeds the chat");
        group.MapPost("/validate-widget-token", ValidateAsync)
            .WithSummary("Check a site token")
            .WithDescription("Always 200: `valid` tells, and `reason` why not (`invalid`, `rotated`).");

        var sites = group.MapGroup("/sites");
        sites.MapGet("/", ListAsync).RequireCredential(Credential.Operator)
            .WithSummary("List the account's sites");
        sites.MapPost("/", CreateAsync).RequireOwner()
            .WithSummary("Add a site");
        sites.MapGet("/{id}", GetAsync).RequireCredential(Credential.Operator)
            .WithSummary("A site");
        sites.MapPatch("/{id}", ChangeAsync).RequireOwner()
            .WithSummary("Change a site")
            .WithDescription("Members that are left out stay as they are, those of `look` too.");
        sites.MapDelete("/{id}", DeleteAsync).RequireOwner()
            .WithSummary("Delete a site")
            .WithDescription("Its token is void, and its visitors' sockets are closed within two seconds. Its dialogs stay.");
    }

    private static async Task<Ok<AccountSites>> ListAsync(
        OperatorCaller caller, AccountDirectory accounts, AssistantDirectory assistants, CancellationToken cancellationToken)
    {
        var sites = await accounts.ListSitesAsync(caller.Account, cancellationToken);
        var assisted = await assistants.FindEnabledAsync(caller.Account, [.. sites.Select(site => site.Id)], cancellationToken);
        return TypedResults.Ok(new AccountSites(
            [
                .. sites.OrderBy(site => site.Name, StringComparer.Ordinal).ThenBy(site => site.Id, StringComparer.Ordinal)
                    .Select(site => SiteDetails.Of(site, assisted.Contains(site.Id))),
            ]));
    }

    private static async Task<Results<Created<SiteDetails>, Problem>> CreateAsync(
        JsonBody<SiteFields> body, OperatorCaller caller, AccountDirectory accounts, CancellationToken cancellationToken)
    {
        var (fields, problem) = SiteFieldsReader.Read(body.Value, isNew: true);
        if (problem is not null)
        {
            return problem;
        }

        var created = await accounts.CreateSiteAsync(caller.Account, fields.Apply, caller.Actor, cancellationToken);
        return created.IsDone
            ? TypedResults.Created($"/api/sites/{created.Value.Id}", SiteDetails.Of(created.Value, assistantEnabled: false))
            : created.Outcome.ToProblem(Problem.SiteNotFound);
    }

    private static async Task<Results<Ok<SiteDetails>, Problem>> GetAsync(
        string id, OperatorCaller caller, AccountDirectory accounts, AssistantDirectory assistants, CancellationToken cancellationToken) =>
        await accounts.FindSiteAsync(caller.Account, id, cancellationToken) is { } site
            ? TypedResults.Ok(await DetailsAsync(site, assistants, cancellationToken))
            : Problem.SiteNotFound;

    private static async Task<Results<Ok<SiteDetails>, Problem>> ChangeAsync(
        string id,
        JsonBody<SiteFields> body,
        OperatorCaller caller,
        AccountDirectory accounts,
        AssistantDirectory assistants,
        CancellationToken cancellationToken)
    {
        var (fields, problem) = SiteFieldsReader.Read(body.Value, isNew: false);
        if (problem is not null)
        {
            return problem;
        }

        var changed = await accounts.ChangeSiteAsync(caller.Account, id, fields.Apply, caller.Actor, cancellationToken);
        return changed.IsDone
            ? TypedResults.Ok(await DetailsAsync(changed.Value, assistants, cancellationToken))
            : changed.Outcome.ToProblem(Problem.SiteNotFound);
    }

    private static async Task<SiteDetails> DetailsAsync(Site site, AssistantDirectory assistants, CancellationToken cancellationToken) =>
        SiteDetails.Of(site, (await assistants.FindEnabledAsync(site.Account, [site.Id], cancellationToken)).Count > 0);

    private static async Task<Results<NoContent, Problem>> DeleteAsync(
        string id, OperatorCaller caller, AccountDirectory accounts, AssistantDirectory assistants, CancellationToken cancellationToken)
    {
        var outcome = await accounts.DeleteSiteAsync(caller.Account, id, caller.Actor, cancellationToken);
        if (outcome is AccountOutcome.Done or AccountOutcome.NotFound)
        {
            // Of a site that is not there too: an earlier try may have ended between the two.
            await assistants.RemoveAsync(new AssistantSite(caller.Account, id), cancellationToken);
        }

        return outcome == AccountOutcome.Done ? TypedResults.NoContent() : outcome.ToProblem(Problem.SiteNotFound);
    }

    private static Task<Results<Ok<SiteToken>, Problem>> IssueAsync(
        JsonBody<NewSiteToken> body, OperatorCaller caller, AccountDirectory accounts, SiteTokens tokens, CancellationToken cancellationToken) =>
        TokenOfAsync(
            body.Value.SiteId,
            async siteId => await accounts.FindSiteAsync(caller.Account, siteId, cancellationToken) is { } site
                ? site
                : AccountOutcome.NotFound,
            tokens);

    private static Task<Results<Ok<SiteToken>, Problem>> RotateAsync(
        JsonBody<NewSiteToken> body, OperatorCaller caller, AccountDirectory accounts, SiteTokens tokens, CancellationToken cancellationToken) =>
        TokenOfAsync(
            body.Value.SiteId,
            siteId => accounts.RotateSiteTokenAsync(caller.Account, siteId, caller.Actor, cancellationToken),
            tokens);

    private static async Task<Results<Ok<SiteToken>, Problem>> TokenOfAsync(
        string? siteId, Func<string, Task<AccountResult<Site>>> find, SiteTokens tokens)
    {
        if (string.IsNullOrEmpty(siteId))
        {
            return Problem.Member("site_id", "It is needed.");
        }

        var found = await find(siteId);
        return found.IsDone ? TypedResults.Ok(new SiteToken(tokens.Issue(found.Value))) : found.Outcome.ToProblem(Problem.SiteNotFound);
    }

    private static async Task<Results<Ok<EmbedCode>, Problem>> EmbedAsync(
        string? site_id,
        HttpRequest request,
        OperatorCaller caller,
        AccountDirectory accounts,
        SiteTokens tokens,
        PublicAddress address,
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

        var script = HtmlEncoder.Default.Encode($"{address.Of(request)}/widget.js");
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
