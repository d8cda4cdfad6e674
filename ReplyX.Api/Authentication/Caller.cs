using System.Security.Claims;

namespace ReplyX.Api.Authentication;

/// <summary>Who a request's token speaks for. Handlers take the subclass that they need as a parameter.</summary>
internal abstract class Caller(string account, string name) : ClaimsPrincipal(new ClaimsIdentity(BearerHandler.Scheme))
{
    public string Account => account;

    /// <summary>The principal as idempotency keys and limits know it, unique in its account.</summary>
    public string Name => name;

    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(context.User as Caller);
}
