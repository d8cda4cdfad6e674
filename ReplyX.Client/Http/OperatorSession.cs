namespace ReplyX.Client;

/// <summary>A signed-in operator: keeps the token, and acts in any dialog of the account.</summary>
public sealed class OperatorSession
{
    private readonly ReplyXApiClient _api;
    private readonly TokenCache _tokens;
    private readonly string _id;

    /// <summary>Takes up a sign-in.</summary>
    /// <param name="api">The Api that it was made with.</param>
    /// <param name="signedIn">The sign-in.</param>
    public OperatorSession(ReplyXApiClient api, SignedInOperator signedIn)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(signedIn);
        _api = api;
        _id = signedIn.Id;
        Name = signedIn.Name;
        DeviceToken = signedIn.DeviceToken;
        _tokens = new TokenCache(signedIn.Token, RenewAsync, api.Time);
    }

    /// <summary>The name that visitors see.</summary>
    public string Name { get; }

    /// <summary>What the next sign-in from here is to be given, by this session or by a later one that kept it; null if there is none.</summary>
    public string? DeviceToken { get; private set; }

    /// <summary>Gives tokens to sockets; renews them while they are valid.</summary>
    public TokenProvider TokenProvider => _tokens.GetAsync;

    /// <summary>Signs in again, as after a pause that the token did not outlive, with the device token of the last sign-in.</summary>
    /// <param name="login">The operator's login.</param>
    /// <param name="password">The operator's password.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sign-in, whose token this session goes on with.</returns>
    /// <exception cref="ArgumentException">The login is another operator's than the session's.</exception>
    public async Task<ApiResult<SignedInOperator>> SignInAgainAsync(
        string login, string password, CancellationToken cancellationToken = default)
    {
        var answer = await _api.SignInAsync(login, password, DeviceToken, cancellationToken);
        if (answer.Value is not { } signedIn)
        {
            return answer;
        }

        if (signedIn.Id != _id)
        {
            throw new ArgumentException($"The login is not {_id}'s.", nameof(login));
        }

        DeviceToken = signedIn.DeviceToken ?? DeviceToken;
        _tokens.Replace(signedIn.Token);
        return answer;
    }

    /// <summary>Sends a message over HTTP.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="text">The text, 1 to 8,000 characters.</param>
    /// <param name="clientId">The key; null for a new one.</param>
    /// <param name="asAssistant">Whether the assistant speaks; refused with 409 while an operator has the dialog.</param>
    /// <param name="cancellationToken">Gives up; the message may be stored all the same.</param>
    /// <returns>The message as it stands in the log.</returns>
    public Task<ApiResult<SentMessage>> SendAsync(
        long dialogId, string text, string? clientId = null, bool asAssistant = false, CancellationToken cancellationToken = default)
    {
        clientId ??= Guid.CreateVersion7().ToString("N");
        return _tokens.CallAsync(
            (token, stop) => _api.SendOperatorMessageAsync(dialogId, token, text, clientId, asAssistant, stop), cancellationToken);
    }

    /// <summary>Takes a step of the handoff.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="step">The step.</param>
    /// <param name="clientId">The key; null for a new one.</param>
    /// <param name="cancellationToken">Gives up; the step may be taken all the same.</param>
    /// <returns>The state after it.</returns>
    public Task<ApiResult<HandoffAnswer>> StepAsync(
        long dialogId, HandoffStep step, string? clientId = null, CancellationToken cancellationToken = default)
    {
        clientId ??= Guid.CreateVersion7().ToString("N");
        return _tokens.CallAsync((token, stop) => _api.StepHandoffAsync(dialogId, token, step, clientId, stop), cancellationToken);
    }

    /// <summary>Reads a dialog's history.</summary>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="range">Which stretch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events, oldest first.</returns>
    public Task<ApiResult<HistoryPage>> ReadHistoryAsync(long dialogId, HistoryRange range, CancellationToken cancellationToken = default)
        => _tokens.CallAsync((token, stop) => _api.ReadOperatorHistoryAsync(dialogId, token, range, stop), cancellationToken);

    /// <summary>Reads the account's list of dialogs.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The list.</returns>
    public Task<ApiResult<DialogList>> ReadDialogsAsync(CancellationToken cancellationToken = default)
        => _tokens.CallAsync(_api.ReadDialogsAsync, cancellationToken);

    /// <summary>Gets the token that a page embeds a site's chat with.</summary>
    /// <param name="siteId">The site.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The site token.</returns>
    public Task<ApiResult<string>> GetSiteTokenAsync(string siteId, CancellationToken cancellationToken = default)
        => _tokens.CallAsync((token, stop) => _api.GetSiteTokenAsync(siteId, token, stop), cancellationToken);

    /// <summary>What a connection to one dialog needs.</summary>
    /// <param name="realtime">The realtime service.</param>
    /// <param name="dialogId">The dialog.</param>
    /// <param name="cursor">The last event already seen; null to begin with what happens from now on.</param>
    /// <returns>Options that renew their token and read the dialog's history.</returns>
    public ReplyXConnectionOptions DialogOptions(RealtimeUrls realtime, long dialogId, EventCursor? cursor = null)
    {
        ArgumentNullException.ThrowIfNull(realtime);
        return new ReplyXConnectionOptions
        {
            Url = realtime.Dialog(dialogId),
            TokenProvider = TokenProvider,
            Cursor = cursor,
            History = new History(this, dialogId),
            TimeProvider = _api.Time,
        };
    }

    /// <summary>What a connection to the account's list of dialogs needs.</summary>
    /// <param name="realtime">The realtime service.</param>
    /// <param name="cursor">The last entry already seen; null to begin with what happens from now on.</param>
    /// <returns>Options that renew their token. The feed has no history: after a <see cref="GapEvent"/> read the list anew.</returns>
    public ReplyXConnectionOptions ListOptions(RealtimeUrls realtime, EventCursor? cursor = null)
    {
        ArgumentNullException.ThrowIfNull(realtime);
        return new ReplyXConnectionOptions
        {
            Url = realtime.DialogList,
            TokenProvider = TokenProvider,
            Cursor = cursor,
            TimeProvider = _api.Time,
        };
    }

    private async Task<ApiResult<IssuedToken>> RenewAsync(IssuedToken current, CancellationToken cancellationToken)
        => (await _api.RefreshOperatorTokenAsync(current.Token, cancellationToken)).Select(static s => s.Token);

    private sealed class History(OperatorSession session, long dialogId) : IDialogHistory
    {
        public Task<ApiResult<HistoryPage>> ReadAfterAsync(long seq, int limit, CancellationToken cancellationToken)
            => session.ReadHistoryAsync(dialogId, new HistoryRange(After: seq, Limit: limit), cancellationToken);

        public Task<ApiResult<HistoryPage>> ReadBeforeAsync(long seq, int limit, CancellationToken cancellationToken)
            => session.ReadHistoryAsync(dialogId, new HistoryRange(Before: seq, Limit: limit), cancellationToken);
    }
}
