namespace ReplyX.Api.Sites;

/// <summary>Asks for a site's token.</summary>
internal sealed record NewSiteToken(string? SiteId);
