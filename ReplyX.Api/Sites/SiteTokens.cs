using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Sites;

/// <summary>Issues site tokens, and checks them against the site as it is now.</summary>
internal sealed class SiteTokens(TokenService tokens, AccountDirectory accounts)
{
    public string Issue(Site site) => tokens.Issue(new SiteClaims(site.Account, site.Id, site.TokenVersion)).Token;

    public async Task<(Site? Site, SiteTokenRefusal Refusal)> CheckAsync(string token, CancellationToken cancellationToken)
    {
        var check = await tokens.CheckSiteAsync(token);
        if (!check.IsValid || await accounts.FindSiteAsync(check.Claims.Account, check.Claims.SiteId, cancellationToken) is not { } site)
        {
            return (null, SiteTokenRefusal.Invalid);
        }

        return check.Claims.Version == site.TokenVersion ? (site, SiteTokenRefusal.None) : (null, SiteTokenRefusal.Rotated);
    }
}
