using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Authentication;

/// <summary>Whether a good token's holder may still come: operators are removed, and sites' tokens rotated, before tokens run out.</summary>
internal sealed class CredentialStanding(AccountDirectory accounts)
{
    private static readonly Task<Problem?> _stands = Task.FromResult<Problem?>(null);

    /// <returns>The answer if the operator was removed, or null.</returns>
    public async Task<Problem?> RefuseAsync(OperatorCaller caller, CancellationToken cancellationToken) =>
        await accounts.FindOperatorAsync(caller.Account, caller.Claims.OperatorId, cancellationToken) is null ? Problem.TokenRevoked : null;

    /// <returns>The answer if the visitor came by a site token that was rotated since, or null.</returns>
    public Task<Problem?> RefuseAsync(DialogCaller caller, CancellationToken cancellationToken) => RefuseAsync(
        caller.Claims.Mode, caller.Account, caller.Claims.SiteId, caller.Claims.SiteTokenVersion, cancellationToken);

    /// <inheritdoc cref="RefuseAsync(DialogCaller, CancellationToken)"/>
    public Task<Problem?> RefuseAsync(GuestCaller caller, DialogMode mode, CancellationToken cancellationToken) => RefuseAsync(
        mode, caller.Account, caller.Claims.SiteId, caller.Claims.SiteTokenVersion, cancellationToken);

    // A widget comes by the assistant's public id, which is not rotated, and its visitors ask Redis nothing here.
    private Task<Problem?> RefuseAsync(
        DialogMode mode, string account, string siteId, int version, CancellationToken cancellationToken) =>
        mode == DialogMode.Site ? RefuseAsync(account, siteId, version, cancellationToken) : _stands;

    private async Task<Problem?> RefuseAsync(string account, string siteId, int version, CancellationToken cancellationToken) =>
        (await accounts.FindSiteAsync(account, siteId, cancellationToken))?.TokenVersion == version ? null : Problem.SiteTokenRotated;
}
