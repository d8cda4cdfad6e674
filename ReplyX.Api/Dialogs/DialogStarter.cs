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

/// <summary>Opens a guest's dialog on a site, with a new guest if none came.</summary>
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

        if (guest is null && newGuests.Refuse(address, site) is { } wait)
        {
            return Problem.RateLimited with { RetryAfter = wait };
        }

        var guestId = guest?.Claims.GuestId ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(GuestIdBytes));
        var (dialog, head, created) = await dialogs.OpenAsync(site, mode, guestId, cancellationToken);

        // A widget's visitor keeps what they came to the site's own chat by, which one guest token opens too.
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
    /// <param name="siteTokenVersion">The version of the site token that its visitor came by; of no account in widgets.</param>
    public RefreshedToken IssueToken(Dialog dialog, int siteTokenVersion)
    {
        var token = tokens.Issue(new DialogClaims(
            dialog.Key, dialog.SiteId, dialog.Mode, dialog.GuestId, SiteTokenVersion: dialog.Mode == DialogMode.Site ? siteTokenVersion : 0));
        return new RefreshedToken(token.Token, token.ExpiresAt!.Value);
    }
}
