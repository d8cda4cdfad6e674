using ReplyX.Api.Authentication;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Dialogs;

/// <summary>
/// Which dialog a caller may reach, and whether the caller's credential still stands. All that is not theirs gets one answer: a
/// stranger's dialog, one of another mode and one that does not exist look the same.
/// </summary>
/// <remarks>Both questions leave before either is waited for, so that the second costs no trip to Redis of its own.</remarks>
internal sealed class DialogAccess(DialogDirectory dialogs, CredentialStanding standing)
{
    /// <summary>The dialog of a visitor's path.</summary>
    public async Task<FoundDialog> FindAsync(DialogCaller caller, DialogMode mode, string id, CancellationToken cancellationToken) =>
        caller.Claims.Mode == mode ? await FindAsync(caller, id, cancellationToken) : FoundDialog.None;

    /// <summary>A guest's own dialog.</summary>
    public async Task<FoundDialog> FindAsync(GuestCaller caller, DialogMode mode, string id, CancellationToken cancellationToken) =>
        DialogId.TryParse(id, out var number)
            ? await FindAsync(
                StreamKey.ForDialog(caller.Account, number),
                standing.RefuseAsync(caller, mode, cancellationToken),
                dialog => dialog?.Mode == mode && dialog.GuestId == caller.Claims.GuestId && dialog.SiteId == caller.Claims.SiteId,
                cancellationToken)
            : FoundDialog.None;

    /// <summary>The dialog of an operator's path, which its own visitor may use too where the endpoint takes their token.</summary>
    public async Task<FoundDialog> FindAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        (DialogId.TryParse(id, out var number), caller) switch
        {
            (true, OperatorCaller person) => await FindAsync(
                StreamKey.ForDialog(person.Account, number), standing.RefuseAsync(person, cancellationToken), _ => true, cancellationToken),

            // The token's guest is checked against the dialog's: a signed token is no proof that the dialog is still that guest's.
            (true, DialogCaller { Claims: var claims } visitor) when number == claims.Dialog.DialogId => await FindAsync(
                claims.Dialog,
                standing.RefuseAsync(visitor, cancellationToken),
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
