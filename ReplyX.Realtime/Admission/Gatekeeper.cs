using System.Globalization;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;
using ReplyX.Messaging.Tokens;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Telemetry;
using ReplyX.Realtime.WebSockets;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Admission;

/// <summary>Checks a client's token, its origin, and that the dialog is there and its own.</summary>
internal sealed class Gatekeeper
{
    private readonly TokenService _tokens;
    private readonly DialogDirectory _dialogs;
    private readonly AccountDirectory _accounts;
    private readonly OriginPattern[] _chatHosts;

    public Gatekeeper(TokenService tokens, DialogDirectory dialogs, AccountDirectory accounts, IOptions<OriginOptions> origins)
    {
        _tokens = tokens;
        _dialogs = dialogs;
        _accounts = accounts;
        _chatHosts = [.. origins.Value.ChatHosts.Select(host => OriginPattern.TryParse(host, out var pattern) ? pattern : default)];
    }

    /// <exception cref="Messaging.Redis.MessagingUnavailableException">Redis did not answer.</exception>
    public Task<AdmissionResult> AdmitAsync(
        SocketRoute route, string? id, string? token, string? origin, CancellationToken cancellationToken) =>
        route.IsForVisitors
            ? AdmitVisitorAsync(route, id, token, origin, cancellationToken)
            : AdmitOperatorAsync(route, id, token, origin, cancellationToken);

    /// <summary>Checks a fresh token for an open socket: it must be of the same subject and stream.</summary>
    /// <returns>The peer with its new expiry, or null.</returns>
    public async Task<Peer?> RefreshAsync(Peer peer, string? token)
    {
        if (peer.Route.IsForVisitors)
        {
            var dialog = await _tokens.CheckDialogAsync(token);
            return dialog.IsValid && dialog.Claims.Dialog == peer.Stream && dialog.Claims.GuestId == peer.Subject
                ? peer with { ExpiresAt = dialog.Claims.ExpiresAt, Site = (dialog.Claims.SiteId, dialog.Claims.SiteTokenVersion) }
                : null;
        }

        var person = await _tokens.CheckOperatorAsync(token);
        return person.IsValid
            && person.Claims.Account == peer.Stream.Account
            && person.Claims.OperatorId == peer.Subject
            && person.Claims.Generation >= peer.Generation
                ? peer with { ExpiresAt = person.Claims.ExpiresAt, Generation = person.Claims.Generation }
                : null;
    }

    private async Task<AdmissionResult> AdmitVisitorAsync(
        SocketRoute route, string? id, string? token, string? origin, CancellationToken cancellationToken)
    {
        var check = await _tokens.CheckDialogAsync(token);
        if (!check.IsValid)
        {
            return Unauthenticated(check.Failure);
        }

        // A token opens its own dialog, on the path it was started on, and no other's existence is told.
        var claims = check.Claims;
        var mode = route.Kind == SocketKind.Site ? DialogMode.Site : DialogMode.Widget;
        if (ParseId(id) != claims.Dialog.DialogId
            || claims.Mode != mode
            || await _dialogs.FindAsync(claims.Dialog, cancellationToken) is not { } dialog
            || dialog.GuestId != claims.GuestId)
        {
            return AdmissionResult.Refused(CloseCode.NoSuchDialog, ConnectionError.NoSuchDialog);
        }

        if (!await IsAllowedAsync(origin, claims.Dialog.Account, dialog.SiteId, cancellationToken))
        {
            return AdmissionResult.Refused(CloseCode.OriginNotAllowed, ConnectionError.Origin);
        }

        var peer = new Peer(
            route,
            claims.Dialog,
            claims.GuestId,
            Principals.Guest(claims.GuestId),
            Name: null,
            claims.ExpiresAt,
            dialog.Owner,
            (claims.SiteId, claims.SiteTokenVersion));
        return await AdmitUnlessRevokedAsync(peer, cancellationToken);
    }

    private async Task<AdmissionResult> AdmitOperatorAsync(
        SocketRoute route, string? id, string? token, string? origin, CancellationToken cancellationToken)
    {
        var check = await _tokens.CheckOperatorAsync(token);
        if (!check.IsValid)
        {
            return Unauthenticated(check.Failure);
        }

        var claims = check.Claims;
        var stream = StreamKey.ForFeed(claims.Account);
        var owner = default(DialogOwner);
        if (route.Kind == SocketKind.Operator)
        {
            if (ParseId(id) is not { } dialogId)
            {
                return AdmissionResult.Refused(CloseCode.NoSuchDialog, ConnectionError.NoSuchDialog);
            }

            stream = StreamKey.ForDialog(claims.Account, dialogId);
            if (await _dialogs.FindAsync(stream, cancellationToken) is not { } dialog)
            {
                return AdmissionResult.Refused(CloseCode.NoSuchDialog, ConnectionError.NoSuchDialog);
            }

            owner = dialog.Owner;
        }

        if (!await IsAllowedAsync(origin, claims.Account, siteId: null, cancellationToken))
        {
            return AdmissionResult.Refused(CloseCode.OriginNotAllowed, ConnectionError.Origin);
        }

        var peer = new Peer(
            route,
            stream,
            claims.OperatorId,
            Principals.Operator(claims.OperatorId),
            claims.Name,
            claims.ExpiresAt,
            owner,
            Generation: claims.Generation);
        return await AdmitUnlessRevokedAsync(peer, cancellationToken);
    }

    /// <summary>
    /// Whether what a peer was admitted by was taken back: its site deleted or its token rotated, or the operator removed or signed out.
    /// </summary>
    /// <returns>
    /// The code to close with, or null. An operator who is still there may have another token by now, or get one by their session, so they
    /// are told to ask; for all others it is final.
    /// </returns>
    /// <exception cref="Messaging.Redis.MessagingUnavailableException">Redis did not answer.</exception>
    public async Task<CloseCode?> FindRevocationAsync(Peer peer, CancellationToken cancellationToken)
    {
        if (peer.Site is not { } entered)
        {
            var person = await _accounts.FindOperatorAsync(peer.Stream.Account, peer.Subject, cancellationToken);
            return person is null ? CloseCode.AuthenticationFailed
                : person.Generation != peer.Generation ? CloseCode.TokenExpired
                : null;
        }

        // A widget comes by the assistant's public id, which is not rotated: it needs only that there is a site.
        var site = await _accounts.FindSiteAsync(peer.Stream.Account, entered.Id, cancellationToken);
        return site is null || (peer.Route.Kind == SocketKind.Site && site.TokenVersion != entered.TokenVersion)
            ? CloseCode.AuthenticationFailed
            : null;
    }

    private async Task<AdmissionResult> AdmitUnlessRevokedAsync(Peer peer, CancellationToken cancellationToken) =>
        await FindRevocationAsync(peer, cancellationToken) is { } code
            ? AdmissionResult.Refused(code, ConnectionError.Revoked)
            : AdmissionResult.Admitted(peer);

    // No Origin is no browser: the token decides. A site's own pages only where the site uses the client library directly.
    private async Task<bool> IsAllowedAsync(string? origin, string account, string? siteId, CancellationToken cancellationToken)
    {
        if (origin is null || Array.Exists(_chatHosts, pattern => pattern.Matches(origin)))
        {
            return true;
        }

        return siteId is not null
            && await _accounts.FindSiteAsync(account, siteId, cancellationToken) is { DirectClient: true } site
            && OriginPattern.IsListed(site.Origins, origin);
    }

    private static AdmissionResult Unauthenticated(TokenFailure failure) => failure == TokenFailure.Expired
        ? AdmissionResult.Refused(CloseCode.TokenExpired, ConnectionError.TokenExpired)
        : AdmissionResult.Refused(CloseCode.AuthenticationFailed, ConnectionError.Auth);

    private static long? ParseId(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
}
