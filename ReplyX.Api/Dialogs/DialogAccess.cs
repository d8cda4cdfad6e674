using ReplyX.Api.Authentication;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Dialogs;

/// <summary>
/// Finds the dialog that a caller may access, and checks that the caller's credential was not revoked. The answer is the same for a
/// dialog of somebody else, of another mode, and one that does not exist.
/// </summary>
/// <remarks>Where both are read, both reads are sent before either is awaited, so that together they take one round trip to Redis.</remarks>
internal sealed class DialogAccess(DialogDirectory dialogs, CredentialRevocation revocation)
{
    /// <summary>The dialog of a visitor's path.</summary>
    public async Task<FoundDialog> FindAsync(DialogCaller caller, DialogMode mode, string id, CancellationToken cancellationToken) =>
        caller.Claims.Mode == mode ? await FindAsync(caller, id, cancellationToken) : FoundDialog.None;

    /// <summary>
    /// Checks the token for the dialog of a visitor's path and does not look at the dialog, for those who then append to it: the append
    /// checks that it is there, and whose.
    /// </summary>
    /// <returns>The problem to answer with, or null.</returns>
    public async Task<IResult?> CheckAsync(DialogCaller caller, DialogMode mode, string id, CancellationToken cancellationToken) =>
        caller.Claims.Mode == mode && DialogId.TryParse(id, out var number) && number == caller.Claims.Dialog.DialogId
            ? await revocation.CheckAsync(caller, cancellationToken)
            : Problem.DialogNotFound;

    /// <summary>A guest's own dialog.</summary>
    public async Task<FoundDialog> FindAsync(GuestCaller caller, DialogMode mode, string id, CancellationToken cancellationToken) =>
        DialogId.TryParse(id, out var number)
            ? await FindAsync(
                StreamKey.ForDialog(caller.Account, number),
                revocation.CheckAsync(caller, mode, cancellationToken),
                dialog => dialog?.Mode == mode && dialog.GuestId == caller.Claims.GuestId && dialog.SiteId == caller.Claims.SiteId,
                cancellationToken)
            : FoundDialog.None;

    /// <summary>The dialog of an operator's path, which its own visitor may use too where the endpoint takes their token.</summary>
    public async Task<FoundDialog> FindAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        (DialogId.TryParse(id, out var number), caller) switch
        {
            (true, OperatorCaller person) => await FindAsync(
                StreamKey.ForDialog(person.Account, number), revocation.CheckAsync(person, cancellationToken), _ => true, cancellationToken),

            // The token's guest is compared with the dialog's: a valid token does not prove that the dialog still belongs to that guest.
            (true, DialogCaller { Claims: var claims } visitor) when number == claims.Dialog.DialogId => await FindAsync(
                claims.Dialog,
                revocation.CheckAsync(visitor, cancellationToken),
                dialog => dialog?.GuestId == claims.GuestId && dialog.Mode == claims.Mode,
                cancellationToken),
            _ => FoundDialog.None,
        };

    private async Task<FoundDialog> FindAsync(
        StreamKey key, Task<Problem?> refusal, Func<Dialog?, bool> isTheirs, CancellationToken cancellationToken)
    {
        var dialog = dialogs.FindAsync(key, cancellationToken);
        await Task.WhenAll(dialog, refusal);
        return !isTheirs(await dialog) ? FoundDialog.None
            : await refusal is { } problem ? FoundDialog.Refused(problem)
            : FoundDialog.Of(await dialog);
    }
}
