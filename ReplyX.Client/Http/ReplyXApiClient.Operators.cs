namespace ReplyX.Client;

public sealed partial class ReplyXApiClient
{
    /// <summary>Signs an operator in.</summary>
    /// <param name="login">The operator's login.</param>
    /// <param name="password">The operator's password.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The operator with a token.</returns>
    public Task<ApiResult<SignedInOperator>> SignInAsync(string login, string password, CancellationToken cancellationToken = default)
        => SignInAsync(login, password, deviceToken: null, cancellationToken);

    /// <summary>Signs an operator in from a device that they have signed in from before.</summary>
    /// <param name="login">The operator's login.</param>
    /// <param name="password">The operator's password.</param>
    /// <param name="deviceToken">The <see cref="SignedInOperator.DeviceToken"/> of the last sign-in; null if there was none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The operator with a token, and with the device token for the next time.</returns>
    public Task<ApiResult<SignedInOperator>> SignInAsync(
        string login, string password, string? deviceToken, CancellationToken cancellationToken = default)
        => SignedInAsync(
            ApiCall.Post("api/operator/sign-in", token: null, repeatable: true)
                .With(new SignInBody(login, password, deviceToken), ApiJson.Default.SignInBody),
            cancellationToken);

    /// <summary>Gets a new operator token.</summary>
    /// <param name="token">An operator token that is still valid.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The operator with the new token.</returns>
    public Task<ApiResult<SignedInOperator>> RefreshOperatorTokenAsync(string token, CancellationToken cancellationToken = default)
        => SignedInAsync(ApiCall.Post("api/operator/refresh", token, repeatable: true), cancellationToken);

    /// <summary>Reads a dialog's history as an operator.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The operator token.</param>
    /// <param name="range">Which stretch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events, oldest first.</returns>
    public Task<ApiResult<HistoryPage>> ReadOperatorHistoryAsync(
        long dialogId, string token, HistoryRange range, CancellationToken cancellationToken = default)
        => ReadHistoryAsync(Invariant($"api/dialogs/{dialogId}/messages"), token, range, cancellationToken);

    /// <summary>Sends a message as an operator, or for the assistant.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The operator token.</param>
    /// <param name="text">The text, 1 to 8,000 characters.</param>
    /// <param name="clientId">The key, 1 to 64 printable ASCII characters without a space.</param>
    /// <param name="asAssistant">Whether the assistant speaks; refused with 409 while an operator has the dialog.</param>
    /// <param name="cancellationToken">Gives up; the message may be stored all the same.</param>
    /// <returns>The message as it stands in the log.</returns>
    public Task<ApiResult<SentMessage>> SendOperatorMessageAsync(
        long dialogId, string token, string text, string clientId, bool asAssistant = false, CancellationToken cancellationToken = default)
        => SendMessageAsync(
            Invariant($"api/dialogs/{dialogId}/messages"), token, text, clientId, asAssistant ? "assistant" : null, cancellationToken);

    /// <summary>Takes a step of the handoff.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The operator token; the dialog token for what a visitor may do, which is to request and to cancel.</param>
    /// <param name="step">The step.</param>
    /// <param name="clientId">The key, 1 to 64 printable ASCII characters without a space.</param>
    /// <param name="cancellationToken">Gives up; the step may be taken all the same.</param>
    /// <returns>The state after it; 409 when the dialog is not in a state for this step, 403 when it is another operator's to release.</returns>
    public async Task<ApiResult<HandoffAnswer>> StepHandoffAsync(
        long dialogId, string token, HandoffStep step, string clientId, CancellationToken cancellationToken = default)
    {
        var path = Invariant($"api/dialogs/{dialogId}/handoff/{step.ToString().ToLowerInvariant()}");
        var call = ApiCall.Post(path, token, repeatable: true).With(new StepBody(clientId), ApiJson.Default.StepBody);
        var answer = await _transport.SendAsync(call, ApiJson.Default.HandoffBody, cancellationToken);
        return answer.Select(static body => body.ToAnswer());
    }

    /// <summary>Reads who answers in a dialog.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="token">The operator token.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The state.</returns>
    public async Task<ApiResult<HandoffAnswer>> ReadHandoffAsync(long dialogId, string token, CancellationToken cancellationToken = default)
    {
        var call = ApiCall.Get(Invariant($"api/dialogs/{dialogId}/handoff/status"), token);
        var answer = await _transport.SendAsync(call, ApiJson.Default.HandoffBody, cancellationToken);
        return answer.Select(static body => body.ToAnswer());
    }

    /// <summary>Reads the account's list of dialogs.</summary>
    /// <param name="token">The operator token.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The list, newest first.</returns>
    public async Task<ApiResult<DialogList>> ReadDialogsAsync(string token, CancellationToken cancellationToken = default)
    {
        var answer = await _transport.SendAsync(ApiCall.Get("api/dialogs", token), ApiJson.Default.DialogListBody, cancellationToken);
        return answer.Select(static body => new DialogList(
            [.. body.Items.Select(static i => new DialogListItem(i.Id, i.Mode, ServerFrameReader.ToHandoff(i.Handoff), i.Last?.Seq ?? 0)
            {
                Operator = i.Operator,
                Unread = i.Unread,
                WaitingSince = i.WaitingSince,
                Visitor = i.Visitor,
                Page = i.Page,
            })],
            EventCursor.TryParse(body.Cursor, null, out var cursor) ? cursor : null));
    }

    /// <summary>Gets the token that a page embeds a site's chat with.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="token">The operator token.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The site token.</returns>
    public async Task<ApiResult<string>> GetSiteTokenAsync(string siteId, string token, CancellationToken cancellationToken = default)
    {
        var call = ApiCall.Post("api/site-token", token, repeatable: true)
            .With(new SiteTokenRequestBody(siteId), ApiJson.Default.SiteTokenRequestBody);
        var answer = await _transport.SendAsync(call, ApiJson.Default.SiteTokenBody, cancellationToken);
        return answer.Select(static body => body.SiteToken);
    }

    private async Task<ApiResult<SignedInOperator>> SignedInAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var answer = await _transport.SendAsync(call, ApiJson.Default.SignedInBody, cancellationToken);
        return answer.Select(static body =>
            new SignedInOperator(
                new IssuedToken(body.Token, body.TokenExpiresAt), body.Operator.Id, body.Operator.Name, body.DeviceToken));
    }
}
