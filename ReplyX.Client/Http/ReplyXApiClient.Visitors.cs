namespace ReplyX.Client;

public sealed partial class ReplyXApiClient
{
    /// <summary>Opens a dialog in the widget: the guest's open one, or a new one.</summary>
    /// <param name="assistantId">The assistant that the widget shows.</param>
    /// <param name="guestToken">The guest's secret; null for a new guest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The dialog with its tokens.</returns>
    public Task<ApiResult<VisitorDialog>> OpenWidgetDialogAsync(
        string assistantId, string? guestToken = null, CancellationToken cancellationToken = default)
        => OpenWidgetDialogAsync(assistantId, guestToken, new VisitorStart(), cancellationToken);

    /// <summary>Opens a dialog in the widget, and says who the visitor is, and where.</summary>
    /// <param name="assistantId">The assistant that the widget shows.</param>
    /// <param name="guestToken">The guest's secret; null for a new guest.</param>
    /// <param name="start">What is known of the visitor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The dialog with its tokens.</returns>
    public Task<ApiResult<VisitorDialog>> OpenWidgetDialogAsync(
        string assistantId, string? guestToken, VisitorStart start, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(assistantId);
        ArgumentNullException.ThrowIfNull(start);
        var body = new StartWidgetBody(assistantId, StartKey(guestToken, start), start.Visitor, start.Page, start.Locale);
        var call = ApiCall.Post("api/widget/dialogs", guestToken, repeatable: true).With(body, ApiJson.Default.StartWidgetBody);
        return OpenAsync(call, DialogChannel.Widget, cancellationToken);
    }

    /// <summary>Opens a dialog on a chat page: the guest's open one, or a new one.</summary>
    /// <param name="siteToken">The token that the page is embedded with.</param>
    /// <param name="guestToken">The guest's secret; null for a new guest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The dialog with its tokens.</returns>
    public Task<ApiResult<VisitorDialog>> OpenSiteDialogAsync(
        string siteToken, string? guestToken = null, CancellationToken cancellationToken = default)
        => OpenSiteDialogAsync(siteToken, guestToken, new VisitorStart(), cancellationToken);

    /// <summary>Opens a dialog on a chat page, and says who the visitor is, and where.</summary>
    /// <param name="siteToken">The token that the page is embedded with.</param>
    /// <param name="guestToken">The guest's secret; null for a new guest.</param>
    /// <param name="start">What is known of the visitor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The dialog with its tokens.</returns>
    public Task<ApiResult<VisitorDialog>> OpenSiteDialogAsync(
        string siteToken, string? guestToken, VisitorStart start, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(siteToken);
        ArgumentNullException.ThrowIfNull(start);
        var body = new StartSiteBody(siteToken, StartKey(guestToken, start), start.Visitor, start.Page, start.Locale);
        var call = ApiCall.Post("api/site/dialogs", guestToken, repeatable: true).With(body, ApiJson.Default.StartSiteBody);
        return OpenAsync(call, DialogChannel.Site, cancellationToken);
    }

    /// <summary>Reads a dialog's history as its visitor.</summary>
    /// <param name="channel">Where the visitor writes.</param>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The dialog token.</param>
    /// <param name="range">Which stretch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events, oldest first.</returns>
    public Task<ApiResult<HistoryPage>> ReadVisitorHistoryAsync(
        DialogChannel channel, long dialogId, string token, HistoryRange range, CancellationToken cancellationToken = default)
        => ReadHistoryAsync(VisitorPath(channel, dialogId, "messages"), token, range, cancellationToken);

    /// <summary>Sends a message as the visitor.</summary>
    /// <param name="channel">Where the visitor writes.</param>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The dialog token.</param>
    /// <param name="text">The text, 1 to 8,000 characters.</param>
    /// <param name="clientId">The key, 1 to 64 printable ASCII characters without a space.</param>
    /// <param name="cancellationToken">Gives up; the message may be stored all the same.</param>
    /// <returns>The message as it stands in the log.</returns>
    public Task<ApiResult<SentMessage>> SendVisitorMessageAsync(
        DialogChannel channel, long dialogId, string token, string text, string clientId, CancellationToken cancellationToken = default)
        => SendMessageAsync(VisitorPath(channel, dialogId, "messages"), token, text, clientId, sender: null, cancellationToken);

    /// <summary>Says who a dialog's visitor is.</summary>
    /// <param name="channel">Where the visitor writes.</param>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The dialog token.</param>
    /// <param name="visitor">Who they are.</param>
    /// <param name="cancellationToken">Gives up; it may be noted all the same.</param>
    /// <returns>What was told.</returns>
    public Task<ApiResult<VisitorDetails>> IdentifyAsync(
        DialogChannel channel, long dialogId, string token, VisitorDetails visitor, CancellationToken cancellationToken = default)
        => TellAsync(
            ApiCall.Put(VisitorPath(channel, dialogId, "visitor"), token).With(visitor, ApiJson.Default.VisitorDetails), visitor, cancellationToken);

    /// <summary>Says which page a dialog's visitor is on.</summary>
    /// <param name="channel">Where the visitor writes.</param>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The dialog token.</param>
    /// <param name="page">The page.</param>
    /// <param name="cancellationToken">Gives up; it may be noted all the same.</param>
    /// <returns>What was told.</returns>
    public Task<ApiResult<VisitorPage>> TellPageAsync(
        DialogChannel channel, long dialogId, string token, VisitorPage page, CancellationToken cancellationToken = default)
        => TellAsync(
            ApiCall.Put(VisitorPath(channel, dialogId, "page"), token).With(page, ApiJson.Default.VisitorPage), page, cancellationToken);

    /// <summary>Gets a new dialog token.</summary>
    /// <param name="channel">Where the visitor writes.</param>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The guest token, or a dialog token that is still valid.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new token.</returns>
    public async Task<ApiResult<IssuedToken>> RefreshDialogTokenAsync(
        DialogChannel channel, long dialogId, string token, CancellationToken cancellationToken = default)
    {
        var call = ApiCall.Post(VisitorPath(channel, dialogId, "token"), token, repeatable: true);
        var answer = await _transport.SendAsync(call, ApiJson.Default.IssuedTokenBody, cancellationToken);
        return answer.Select(static body => new IssuedToken(body.Token, body.TokenExpiresAt));
    }

    private async Task<ApiResult<T>> TellAsync<T>(ApiCall call, T told, CancellationToken cancellationToken)
        where T : class
        => (await _transport.SendAsync(call, ApiJson.Default.NoBody, cancellationToken)).Select(_ => told);

    /// <summary>A start that makes a guest is repeated under one key, and finds what the first try made. A guest's own needs none.</summary>
    private static string? StartKey(string? guestToken, VisitorStart start)
        => start.ClientId ?? (guestToken is null ? Guid.NewGuid().ToString("N") : null);

    private async Task<ApiResult<VisitorDialog>> OpenAsync(ApiCall call, DialogChannel channel, CancellationToken cancellationToken)
    {
        var answer = await _transport.SendAsync(call, ApiJson.Default.DialogBody, cancellationToken);
        return answer.Select(body => new VisitorDialog
        {
            Id = body.Id,
            Channel = channel,
            Token = body.Token,
            TokenExpiresAt = body.TokenExpiresAt,
            GuestToken = body.GuestToken,
            Cursor = EventCursor.TryParse(body.Cursor, null, out var cursor) ? cursor : EventCursor.Start,
            RealtimeUrl = body.RealtimeUrl,
            Handoff = ServerFrameReader.ToHandoff(body.Handoff),
        });
    }

    private static string VisitorPath(DialogChannel channel, long dialogId, string what)
        => Invariant($"api/{channel.ToWire()}/dialogs/{dialogId}/{what}");
}
