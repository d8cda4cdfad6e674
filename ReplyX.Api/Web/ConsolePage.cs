using Microsoft.Extensions.Options;
using ReplyX.Api.Dialogs;

namespace ReplyX.Api.Web;

/// <summary>The operators' console: one page for every address below <c>/console</c>, whose scripts read the address.</summary>
internal sealed class ConsolePage
{
    private const string DefaultLanguage = "en";
    private const string Texts = "console/i18n/";

    private readonly WebPage _page;
    private readonly ConsoleConfig _config;
    private readonly ContentSecurityPolicy _policy;

    public ConsolePage(WebAssets assets, IOptions<RealtimeEndpointOptions> realtime)
    {
        var sockets = realtime.Value.GetSocketRoot();
        _page = new WebPage(assets, "console/index.html", "console/main.js");
        _config = new ConsoleConfig(
            sockets,
            assets.Version,
            [.. assets.All
                .Where(asset => asset.Path.StartsWith(Texts, StringComparison.Ordinal))
                .Select(asset => Path.GetFileNameWithoutExtension(asset.Path))
                .Order(StringComparer.Ordinal)]);
        _policy = new ContentSecurityPolicy { Connect = [realtime.Value.GetSocketOrigin()] };
    }

    public WebPageResult Result => _page.With(DefaultLanguage, _config, ApiJson.Default.ConsoleConfig, _policy);
}

/// <summary>What the console's scripts have to know.</summary>
/// <param name="RealtimeUrl">The realtime service, as a socket's address.</param>
/// <param name="Version">The version of the page's files: who has another one reloads.</param>
/// <param name="Languages">The languages that there are texts in.</param>
internal sealed record ConsoleConfig(Uri RealtimeUrl, string Version, IReadOnlyList<string> Languages);
