using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Authentication;

internal sealed class DialogCaller(DialogClaims claims) : Caller(claims.Dialog.Account, Principals.Guest(claims.GuestId))
{
    public new DialogClaims Claims => claims;

    public static new ValueTask<DialogCaller?> BindAsync(HttpContext context) => new(context.User as DialogCaller);
}
