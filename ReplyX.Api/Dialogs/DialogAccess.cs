using ReplyX.Api.Authentication;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Dialogs;

/// <summary>
/// Which dialog a caller may reach. Null is the one answer for all that is not theirs: a stranger's dialog, one of another mode
/// and one that does not exist look the same.
/// </summary>
internal sealed class DialogAccess(DialogDirectory dialogs)
{
    /// <summary>The dialog of a visitor's path.</summary>
    public async Task<Dialog?> FindAsync(DialogCaller caller, DialogMode mode, string id, CancellationToken cancellationToken) =>
        caller.Claims.Mode == mode ? await FindAsync(caller, id, cancellationToken) : null;

    /// <summary>A guest's own dialog.</summary>
    public async Task<Dialog?> FindAsync(GuestCaller caller, DialogMode mode, string id, CancellationToken cancellationToken) =>
        await FindAsync(caller.Account, id, cancellationToken) is { } dialog
            && dialog.Mode == mode
            && dialog.GuestId == caller.Claims.GuestId
            && dialog.SiteId == caller.Claims.SiteId
            ? dialog
            : null;

    /// <summary>The dialog of an operator's path, which its own visitor may use too where the endpoint takes their token.</summary>
    public async Task<Dialog?> FindAsync(Caller caller, string id, CancellationToken cancellationToken) => caller switch
    {
        OperatorCaller => await FindAsync(caller.Account, id, cancellationToken),

        // The token's guest is checked against the dialog's: a signed token is no proof that the dialog is still that guest's.
        DialogCaller { Claims: var claims } => DialogId.TryParse(id, out var number)
            && number == claims.Dialog.DialogId
            && await dialogs.FindAsync(claims.Dialog, cancellationToken) is { } dialog
            && dialog.GuestId == claims.GuestId
            && dialog.Mode == claims.Mode
                ? dialog
                : null,
        _ => null,
    };

    private async Task<Dialog?> FindAsync(string account, string id, CancellationToken cancellationToken) =>
        DialogId.TryParse(id, out var number)
            ? await dialogs.FindAsync(StreamKey.ForDialog(account, number), cancellationToken)
            : null;
}
