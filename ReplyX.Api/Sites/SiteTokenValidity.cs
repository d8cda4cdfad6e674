namespace ReplyX.Api.Sites;

/// <summary>Whether a site token would start a dialog: of which site, or why not.</summary>
internal sealed record SiteTokenValidity(bool Valid, SiteView? Site, SiteTokenRefusal? Reason);
