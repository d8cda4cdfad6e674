using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Tokens;

/// <summary>What a dialog token says.</summary>
/// <param name="Dialog">The account and the dialog.</param>
/// <param name="SiteId">The site it was started on.</param>
/// <param name="Mode">How it was started.</param>
/// <param name="GuestId">The guest, to be checked against the dialog's.</param>
/// <param name="ExpiresAt">When the token ends, UTC. Set by the validation; ignored when issuing.</param>
/// <param name="SiteTokenVersion">The version of the site token that the guest came by; 0 if by none, as widgets do.</param>
public sealed record DialogClaims(
    StreamKey Dialog, string SiteId, DialogMode Mode, string GuestId, DateTimeOffset ExpiresAt = default, int SiteTokenVersion = 0);
