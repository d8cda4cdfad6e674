using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Authentication;

/// <summary>
/// Checks whether a valid token was revoked: operators are removed or signed out, site tokens rotated, and sites deleted, before their
/// tokens expire.
/// </summary>
internal sealed class CredentialRevocation(AccountDirectory accounts, SitesThere sites)
{
    /// <returns>The problem to answer with if the operator was removed, or the token taken back, or null.</returns>
    public async Task<Problem?> CheckAsync(OperatorCaller caller, CancellationToken cancellationToken)
    {
        var person = await accounts.FindOperatorAsync(caller.Account, caller.Claims.OperatorId, cancellationToken);
        if (person is null || person.Generation != caller.Claims.Generation)
        {
            return Problem.TokenRevoked;
        }

        caller.Person = person;
        return null;
    }

    /// <returns>The problem to answer with if the visitor came by a site that was deleted, or a token that was rotated, since, or null.</returns>
    public Task<Problem?> CheckAsync(DialogCaller caller, CancellationToken cancellationToken) => CheckAsync(
        caller.Claims.Mode, caller.Account, caller.Claims.SiteId, caller.Claims.SiteTokenVersion, cancellationToken);

    /// <inheritdoc cref="CheckAsync(DialogCaller, CancellationToken)"/>
    public Task<Problem?> CheckAsync(GuestCaller caller, DialogMode mode, CancellationToken cancellationToken) => CheckAsync(
        mode, caller.Account, caller.Claims.SiteId, caller.Claims.SiteTokenVersion, cancellationToken);

    private async Task<Problem?> CheckAsync(
        DialogMode mode, string account, string siteId, int version, CancellationToken cancellationToken)
    {
        // A widget starts with the assistant's public id, which is never rotated: its visitors need only that there is a site.
        if (mode == DialogMode.Widget)
        {
            return await sites.IsThereAsync(account, siteId, cancellationToken) ? null : Problem.AssistantNotFound;
        }

        return await accounts.FindSiteAsync(account, siteId, cancellationToken) is not { } site ? Problem.SiteTokenInvalid
            : site.TokenVersion == version ? null
            : Problem.SiteTokenRotated;
    }
}
