namespace ReplyX.Client;

/// <summary>A visitor in one dialog: keeps the tokens, sends, reads the history, and knows how to connect.</summary>
public sealed class VisitorSession : IDialogHistory
{
    private readonly ReplyXApiClient _api;
    private readonly TokenCache _tokens;

    /// <summary>Takes up a dialog.</summary>
    /// <param name="api">The Api that it was opened with.</param>
    /// <param name="dialog">The dialog.</param>
    public VisitorSession(ReplyXApiClient api, VisitorDialog dialog)
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(dialog);
        _api = api;
        Dialog = dialog;
        _tokens = new TokenCache(
            new IssuedToken(dialog.Token, dialog.TokenExpiresAt),
            (_, cancellationToken) => api.RefreshDialogTokenAsync(dialog.Channel, dialog.Id, dialog.GuestToken, cancellationToken),
            api.Time);
    }

    /// <summary>The dialog as it was opened; its token may have been renewed since.</summary>
    public VisitorDialog Dialog { get; }

    /// <summary>Gives tokens to sockets; renews them with the guest token.</summary>
    public TokenProvider TokenProvider => _tokens.GetAsync;

    /// <summary>Sends a message over HTTP.</summary>
    /// <param name="text">The text, 1 to 8,000 characters.</param>
    /// <param name="clientId">The key; null for a new one.</param>
    /// <param name="cancellationToken">Gives up; the message may be stored all the same.</param>
    /// <returns>The message as it stands in the log.</returns>
    public Task<ApiResult<SentMessage>> SendAsync(string text, string? clientId = null, CancellationToken cancellationToken = default)
    {
        clientId ??= Guid.CreateVersion7().ToString("N");
        return _tokens.CallAsync(
            (token, stop) => _api.SendVisitorMessageAsync(Dialog.Channel, Dialog.Id, token, text, clientId, stop), cancellationToken);
    }

    /// <summary>Takes a step of the handoff: a visitor may ask for a human, and withdraw that.</summary>
    /// <param name="step">The step.</param>
    /// <param name="clientId">The key; null for a new one.</param>
    /// <param name="cancellationToken">Gives up; the step may be taken all the same.</param>
    /// <returns>The state after it.</returns>
    public Task<ApiResult<HandoffAnswer>> StepAsync(HandoffStep step, string? clientId = null, CancellationToken cancellationToken = default)
    {
        clientId ??= Guid.CreateVersion7().ToString("N");
        return _tokens.CallAsync((token, stop) => _api.StepHandoffAsync(Dialog.Id, token, step, clientId, stop), cancellationToken);
    }

    /// <summary>Says who the visitor is.</summary>
    /// <param name="visitor">Who they are.</param>
    /// <param name="cancellationToken">Gives up; it may be noted all the same.</param>
    /// <returns>What was told.</returns>
    public Task<ApiResult<VisitorDetails>> IdentifyAsync(VisitorDetails visitor, CancellationToken cancellationToken = default)
        => _tokens.CallAsync((token, stop) => _api.IdentifyAsync(Dialog.Channel, Dialog.Id, token, visitor, stop), cancellationToken);

    /// <summary>Says which page the visitor is on.</summary>
    /// <param name="page">The page.</param>
    /// <param name="cancellationToken">Gives up; it may be noted all the same.</param>
    /// <returns>What was told.</returns>
    public Task<ApiResult<VisitorPage>> TellPageAsync(VisitorPage page, CancellationToken cancellationToken = default)
        => _tokens.CallAsync((token, stop) => _api.TellPageAsync(Dialog.Channel, Dialog.Id, token, page, stop), cancellationToken);

    /// <summary>Reads the history.</summary>
    /// <param name="range">Which stretch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events, oldest first.</returns>
    public Task<ApiResult<HistoryPage>> ReadHistoryAsync(HistoryRange range, CancellationToken cancellationToken = default)
        => _tokens.CallAsync((token, stop) => _api.ReadVisitorHistoryAsync(Dialog.Channel, Dialog.Id, token, range, stop), cancellationToken);

    /// <inheritdoc/>
    public Task<ApiResult<HistoryPage>> ReadAfterAsync(long seq, int limit, CancellationToken cancellationToken)
        => ReadHistoryAsync(new HistoryRange(After: seq, Limit: limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ApiResult<HistoryPage>> ReadBeforeAsync(long seq, int limit, CancellationToken cancellationToken)
        => ReadHistoryAsync(new HistoryRange(Before: seq, Limit: limit), cancellationToken);

    /// <summary>What a connection to this dialog needs.</summary>
    /// <param name="cursor">The last event already seen; null for what the Api named when the dialog was opened.</param>
    /// <returns>Options that renew their token and read this dialog's history.</returns>
    public ReplyXConnectionOptions ConnectionOptions(EventCursor? cursor = null) => new()
    {
        Url = Dialog.RealtimeUrl,
        TokenProvider = TokenProvider,
        Cursor = cursor ?? Dialog.Cursor,
        History = this,
        TimeProvider = _api.Time,
    };
}
