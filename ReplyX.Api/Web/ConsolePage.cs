using Microsoft.Extensions.Options;
using ReplyX.Api.Dialogs;

namespace ReplyX.Api.Web;

/// <summary>The operators' console: one page for every address below <c>/console</c>, whose scripts read the address.</summary>
internal sealed class ConsolePage
{
    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];

    private readonly WebPage _page;
    private readonly ConsoleConfig _config;
    private readonly ContentSecurityPolicy _policy;

    public ConsolePage(WebAssets assets, PageLanguages languages, IOptions<RealtimeEndpointOptions> realtime)
    {
        var sockets = realtime.Value.GetSocketRoot();
        _page = new WebPage(assets, "console/index.html", "console/main.js");
        _config = new ConsoleConfig(sockets, assets.Version, languages.Of("console"));
        _policy = new ContentSecurityPolicy { Connect = [sockets.GetLeftPart(UriPartial.Authority)] };
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapMethods("/console/{**path}", _methods, (ConsolePage page, HttpRequest request) => page.For(request))
        .ExcludeFromDescription();

    // The scripts choose again, since they know what was chosen here before.
    private WebPageResult For(HttpRequest request) =>
        _page.With(PageLanguages.Choose(null, request, _config.Languages), _config, ApiJson.Default.ConsoleConfig, _policy);
}

/// <summary>What the console's scripts have to know.</summary>
/// <param name="RealtimeUrl">The realtime service, as a socket's address.</param>
/// <param name="Version">The version of the page's files: who has another one reloads.</param>
/// <param name="Languages">The languages that there are texts in.</param>
internal sealed record ConsoleConfig(Uri RealtimeUrl, string Version, IReadOnlyList<string> Languages);
