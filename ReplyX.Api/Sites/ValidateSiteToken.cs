namespace ReplyX.Api.Sites;

/// <summary>Asks whether a site token would start a dialog.</summary>
internal sealed record ValidateSiteToken(string? Token);
