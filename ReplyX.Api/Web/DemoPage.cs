using System.Net;
using System.Text;
using ReplyX.Api.Demo;

namespace ReplyX.Api.Web;

/// <summary>
/// A shop with the chat on it, in development. Shop and chat are of two origins, as they are in life: the shop is reached at
/// <c>127.0.0.1</c>, and embeds the widget of <c>localhost</c>, which is the same service.
/// </summary>
internal sealed class DemoPage(WebAssets assets)
{
    private const string Loopback = "127.0.0.1";
    private const string Localhost = "localhost";


    private readonly string _template = Encoding.UTF8.GetString(assets.Get("demo/index.html").Content);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/demo", (HttpRequest request, DemoPage page) => page.Show(request)).ExcludeFromDescription();

    /// <summary>The origin that the shop has where the chat is reached as it is by this request.</summary>
    public static string OriginOf(HttpRequest request) => Origin(request, Loopback);

    private IResult Show(HttpRequest request)
    {
        if (request.Host.Host == Localhost)
        {
            return TypedResults.Redirect($"{Origin(request, Loopback)}/demo");
        }

        // Reached by another name, as through a tunnel, the widget can only be of that name too.
        var widget = request.Host.Host == Loopback ? Origin(request, Localhost) : Origin(request, request.Host.Host);
        return new DemoPageResult(_template
            .Replace("{{assets}}", assets.Root, StringComparison.Ordinal)
            .Replace("{{assistant}}", DemoShop.Site.AssistantId, StringComparison.Ordinal)
            .Replace("{{widget}}", WebUtility.HtmlEncode(widget), StringComparison.Ordinal), widget);
    }

    private static string Origin(HttpRequest request, string host) =>
        $"{request.Scheme}://{host}{(request.Host.Port is { } port ? $":{port}" : "")}";

    // The policy of docs/widget.md, so that each look at the demo is a look at whether it is enough.
    private sealed class DemoPageResult(string html, string widget) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.CacheControl = "no-store";
            response.Headers.ContentSecurityPolicy =
                $"default-src 'none'; script-src 'self' {widget}; frame-src {widget}; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            return response.WriteAsync(html, Encoding.UTF8, httpContext.RequestAborted);
        }
    }
}
