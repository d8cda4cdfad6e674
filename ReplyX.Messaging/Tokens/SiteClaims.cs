namespace ReplyX.Messaging.Tokens;

/// <summary>What a site token says. Public: it stands in the embedding page.</summary>
/// <param name="Account">The account.</param>
/// <param name="SiteId">The site.</param>
/// <param name="Version">The site's token version; an older one was rotated out.</param>
public sealed record SiteClaims(string Account, string SiteId, int Version);
