namespace ReplyX.Messaging.Tokens;

/// <summary>What a guest token says.</summary>
/// <param name="Account">The account.</param>
/// <param name="SiteId">The site the guest visits.</param>
/// <param name="GuestId">The guest.</param>
/// <param name="SiteTokenVersion">The version of the site token that the guest came by; 0 if by none, as widgets do.</param>
public sealed record GuestClaims(string Account, string SiteId, string GuestId, int SiteTokenVersion = 0);
