using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Authentication;

internal sealed class GuestCaller(GuestClaims claims) : Caller(claims.Account, Principals.Guest(claims.GuestId))
{
    public new GuestClaims Claims => claims;

    public static new ValueTask<GuestCaller?> BindAsync(HttpContext context) => new(context.User as GuestCaller);
}
