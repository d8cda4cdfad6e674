using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Authentication;

internal sealed class OperatorCaller(OperatorClaims claims) : Caller(claims.Account, Principals.Operator(claims.OperatorId))
{
    public new OperatorClaims Claims => claims;

    public static new ValueTask<OperatorCaller?> BindAsync(HttpContext context) => new(context.User as OperatorCaller);
}
