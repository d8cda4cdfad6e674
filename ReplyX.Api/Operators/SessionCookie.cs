using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Operators;

/// <summary>
/// The cookie that keeps a browser signed in. It opens one thing, a fresh operator token, and only for our own pages: it is sent to
/// <c>/api/operator</c> alone, by no other site, and no script can read it.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "replyx_session";
    public const string Path = "/api/operator";

    public static string? Of(HttpRequest request) => request.Cookies[Name] is { Length: > 0 } secret ? secret : null;

    public static void Set(HttpContext context, string secret) =>
        context.Response.Cookies.Append(Name, secret, Options(context.Request, OperatorSessions.Lifetime));

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context.Request, lifetime: null));

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) => new()
    {
        Path = Path,
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps,
        MaxAge = lifetime,
        IsEssential = true,
    };
}
