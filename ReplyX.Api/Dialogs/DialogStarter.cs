using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ReplyX.Api.Authentication;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Dialogs;

/// <summary>Opens a guest's dialog on a site, with a new guest if none came.</summary>
internal sealed class DialogStarter(DialogDirectory dialogs, TokenService tokens, IOptions<RealtimeOptions> realtime)
{
    private const int GuestIdBytes = 16;

    public async Task<Results<Ok<StartedDialog>, Created<StartedDialog>, Problem>> StartAsync(
        Site site, DialogMode mode, GuestCaller? guest, CancellationToken cancellationToken)
    {
        if (guest is not null && (guest.Account != site.Account || guest.Claims.SiteId != site.Id))
        {
            return Problem.TokenInvalid with { Detail = "The guest token is of another site." };
        }

        var guestId = guest?.Claims.GuestId ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(GuestIdBytes));
        var (dialog, head, created) = await dialogs.OpenAsync(site, mode, guestId, cancellationToken);
        var token = IssueToken(dialog);
        var started = new StartedDialog(
            dialog.Id,
            token.Token,
            token.TokenExpiresAt,
            tokens.Issue(new GuestClaims(site.Account, site.Id, guestId)).Token,
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

    public RefreshedToken IssueToken(Dialog dialog)
    {
        var token = tokens.Issue(new DialogClaims(dialog.Key, dialog.SiteId, dialog.Mode, dialog.GuestId));
        return new RefreshedToken(token.Token, token.ExpiresAt!.Value);
    }
}
