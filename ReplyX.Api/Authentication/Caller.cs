using System.Security.Claims;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Authentication;

/// <summary>The principal that a request's token belongs to. Handlers take the subclass that they need as a parameter.</summary>
internal abstract class Caller(string account, string name) : ClaimsPrincipal(new ClaimsIdentity(BearerHandler.Scheme))
{
    public string Account => account;

    /// <summary>The principal's name in idempotency keys and limits, unique in its account.</summary>
    public string Name => name;

    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(context.User as Caller);
}

internal sealed class OperatorCaller(OperatorClaims claims) : Caller(claims.Account, Principals.Operator(claims.OperatorId))
{
    private Operator? _person;

    public new OperatorClaims Claims => claims;

    /// <summary>The operator as stored, once <see cref="CredentialRevocation"/> has found that the token is still good.</summary>
    public Operator Person
    {
        get => _person ?? throw new InvalidOperationException("Whether the token was taken back has not been checked.");
        set => _person = value;
    }

    /// <summary>The operator as the one who makes a change.</summary>
    public Actor Actor => Actor.Of(Person);

    public static new ValueTask<OperatorCaller?> BindAsync(HttpContext context) => new(context.User as OperatorCaller);
}

internal sealed class DialogCaller(DialogClaims claims) : Caller(claims.Dialog.Account, Principals.Guest(claims.GuestId))
{
    public new DialogClaims Claims => claims;

    /// <summary>Whose dialog it is by the token.</summary>
    public DialogOwner Owner => new(claims.GuestId, claims.SiteId, claims.Mode);

    public static new ValueTask<DialogCaller?> BindAsync(HttpContext context) => new(context.User as DialogCaller);
}

internal sealed class GuestCaller(GuestClaims claims) : Caller(claims.Account, Principals.Guest(claims.GuestId))
{
    public new GuestClaims Claims => claims;

    public static new ValueTask<GuestCaller?> BindAsync(HttpContext context) => new(context.User as GuestCaller);
}
