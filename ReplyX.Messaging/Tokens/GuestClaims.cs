namespace ReplyX.Messaging.Tokens;

/// <summary>What a guest token says.</summary>
/// <param name="Account">The account.</param>
/// <param name="SiteId">The site the guest visits.</param>
/// <param name="GuestId">The guest.</param>
public sealed record GuestClaims(string Account, string SiteId, string GuestId);
