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
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Api.Dialogs;

/// <summary>Opens a guest's dialog on a site. Creates a guest if the request has none.</summary>
internal sealed class DialogStarter(
    DialogDirectory dialogs,
    TokenService tokens,
    NewGuestLimiter newGuests,
    ApiMetrics metrics,
    IOptions<RealtimeEndpointOptions> realtime)
{
    private const int GuestIdBytes = 16;

    // Who names the key of somebody else's start, from the same address, gets that visitor's dialog: a key must not be guessed.
    private const int LeastKeyLength = 16;

    private static readonly VisitorNote _nothing = new();

    public async Task<Results<Ok<StartedDialog>, Created<StartedDialog>, Problem>> StartAsync(
        Site site, DialogMode mode, GuestCaller? guest, IStartDialog start, HttpContext context, CancellationToken cancellationToken)
    {
        // Who may read the answer is the site's to say.
        context.Features.Set(site);
        if (guest is not null && (guest.Account != site.Account || guest.Claims.SiteId != site.Id))
        {
            return Problem.TokenInvalid with { Detail = "The guest token is of another site." };
        }

        if (start.ClientId is { } key && !(key.Length >= LeastKeyLength && IdempotencyKey.TryCreate("", key, out _)))
        {
            return Problem.Member(
                "client_id", $"{LeastKeyLength} to {IdempotencyKey.MaxLength} characters of printable ASCII without spaces, made up at random.");
        }

        var (note, problem) = VisitorNoteReader.Read(start, context.Request);
        if (problem is not null)
        {
            return problem;
        }

        var clientId = start.ClientId;
        string guestId;
        OpenedDialog opened;
        while (true)
        {
            (guestId, problem) = guest is null
                ? await NewGuestAsync(site, clientId, ClientAddress.Of(context), cancellationToken)
                : (guest.Claims.GuestId, null);
            if (problem is not null)
            {
                return problem;
            }

            try
            {
                opened = await dialogs.OpenAsync(site, mode, guestId, cancellationToken);
                break;
            }
            catch (VisitorErasedException exception) when (exception.IsAccount)
            {
                // As it will be in a moment, when the site is asked for again.
                return mode == DialogMode.Widget ? Problem.AssistantNotFound : Problem.SiteTokenInvalid;
            }
            catch (VisitorErasedException)
            {
                // Their token, or the start that this one repeats, has outlived them: they are somebody new.
                (guest, clientId) = (null, null);
            }
        }

        var (dialog, head, created) = opened;
        if (note != _nothing)
        {
            await dialogs.NoteVisitorAsync(dialog.Key, dialog.Owner, note, cancellationToken);
        }

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

        metrics.Opened(mode);
        return TypedResults.Created(
            string.Create(CultureInfo.InvariantCulture, $"/api/{mode.ToWire()}/dialogs/{dialog.Id}/messages"), started);
    }

    private async Task<(string GuestId, Problem? Problem)> NewGuestAsync(
        Site site, string? clientId, IPAddress address, CancellationToken cancellationToken)
    {
        var guestId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(GuestIdBytes));
        var start = clientId is null ? null : new GuestStart(site, address.ToString(), clientId);

        // A retry makes no guest, so it does not count as one.
        if (start is not null && await dialogs.FindStartedGuestAsync(start, cancellationToken) is { } known)
        {
            return (known, null);
        }

        if (newGuests.Acquire(address, site) is { } wait)
        {
            return (guestId, Problem.RateLimited with { RetryAfter = wait });
        }

        return (start is null ? guestId : await dialogs.NoteStartedGuestAsync(start, guestId, cancellationToken), null);
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
