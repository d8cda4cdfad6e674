using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ReplyX.Api.Authentication;
using ReplyX.Api.Limits;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Dialogs;

/// <summary>Opens a guest's dialog on a site. Creates a guest if the request has none.</summary>
internal sealed class DialogStarter(
    DialogDirectory dialogs, TokenService tokens, NewGuestLimiter newGuests, IOptions<RealtimeEndpointOptions> realtime)
{
    private const int GuestIdBytes = 16;

    public async Task<Results<Ok<StartedDialog>, Created<StartedDialog>, Problem>> StartAsync(
        Site site, DialogMode mode, GuestCaller? guest, IPAddress address, CancellationToken cancellationToken)
    {
        if (guest is not null && (guest.Account != site.Account || guest.Claims.SiteId != site.Id))
        {
            return Problem.TokenInvalid with { Detail = "The guest token is of another site." };
        }

        if (guest is null && newGuests.Acquire(address, site) is { } wait)
        {
            return Problem.RateLimited with { RetryAfter = wait };
        }

        var guestId = guest?.Claims.GuestId ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(GuestIdBytes));
        var (dialog, head, created) = await dialogs.OpenAsync(site, mode, guestId, cancellationToken);

        // One guest token serves the widget and the site's chat, so the widget keeps the version of the site token in it.
        var version = mode == DialogMode.Site ? site.TokenVersion : guest?.Claims.SiteTokenVersion ?? 0;
        var token = IssueToken(dialog, version);
        var started = new StartedDialog(
            dialog.Id,
            token.Token,
            token.TokenExpiresAt,
            tokens.Issue(new GuestClaims(site.Account, site.Id, guestId, version)).Token,
            head.ToString(),
            realtime.Value.SocketOf(dialog),
            dialog.Handoff,
            mode);
        if (!created)
        {
            return TypedResults.Ok(started);
        }

        ApiTelemetry.DialogsOpened.Add(1, new KeyValuePair<string, object?>("mode", mode.ToWire()));
        return TypedResults.Created(
            string.Create(CultureInfo.InvariantCulture, $"/api/{mode.ToWire()}/dialogs/{dialog.Id}/messages"), started);
    }

    /// <param name="dialog">The dialog.</param>
    /// <param name="siteTokenVersion">The version of the site token that the visitor started with; not used for widgets.</param>
    public RefreshedToken IssueToken(Dialog dialog, int siteTokenVersion)
    {
        var token = tokens.Issue(new DialogClaims(
            dialog.Key, dialog.SiteId, dialog.Mode, dialog.GuestId, SiteTokenVersion: dialog.Mode == DialogMode.Site ? siteTokenVersion : 0));
        return new RefreshedToken(token.Token, token.ExpiresAt!.Value);
    }
}
