using System.Net;
using Microsoft.Playwright;

namespace ReplyX.E2E.Tests.Browser;

/// <summary>The widget on somebody's page. Its shadow root is closed; here it is opened, so that the test sees what a visitor sees.</summary>
internal sealed class Widget(IPage page)
{
    private const string OpenRoots =
        "{ const attach = Element.prototype.attachShadow; Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: 'open' }); }; }";

    public IPage Page => page;

    public ILocator Launcher => page.Locator("replyx-widget button");

    public ILocator Badge => page.Locator("replyx-widget .badge");

    public ILocator Frame => page.Locator("replyx-widget iframe");

    public ILocator Panel => page.Locator("replyx-widget .panel");

    public ChatView Chat { get; } = ChatView.In(page.FrameLocator("replyx-widget iframe"));

    /// <summary>The policy that docs/widget.md gives for pages that have one.</summary>
    public static string Policy(BrowserGraph graph) => $"script-src {Origin(graph.Api)}; frame-src {Origin(graph.Api)}";

    /// <summary>The origin of the page that embeds, which is another one than the chat's.</summary>
    public static string Host(BrowserGraph graph) => $"http://127.0.0.1:{graph.Api.Port}";

    public static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);

    /// <summary>The demo shop with the widget ready on it.</summary>
    public static async Task<Widget> OnAsync(BrowserGraph graph, IPage page)
    {
        await page.AddInitScriptAsync(OpenRoots);
        await page.GotoAsync($"{Host(graph)}/demo");
        var widget = new Widget(page);
        await Assertions.Expect(widget.Launcher).ToBeVisibleAsync();
        return widget;
    }

    /// <summary>A page of the test's own making at a site's origin, with the widget's script in it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="page">Where.</param>
    /// <param name="attributes">The script's attributes.</param>
    /// <param name="policy">The page's Content Security Policy.</param>
    /// <param name="body">What stands in its body before the script.</param>
    /// <param name="head">What stands in its head.</param>
    public static async Task<Widget> OnOwnPageAsync(
        BrowserGraph graph,
        IPage page,
        string attributes = "data-assistant-id=\"demo\"",
        string? policy = null,
        string body = "<h1>A page</h1><button id=\"before\">Something else</button>",
        string head = "")
    {
        await page.AddInitScriptAsync(OpenRoots);
        var address = $"{Host(graph)}/own-page";
        await page.RouteAsync(address, route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html; charset=utf-8",
            Headers = policy is null ? [] : new Dictionary<string, string> { ["Content-Security-Policy"] = policy },
            Body = $"<!doctype html><html lang=\"en\"><title>A page</title><link rel=\"icon\" href=\"data:,\">{head}<body>{body}"
                + $"<script async src=\"{WebUtility.HtmlEncode(Origin(graph.Api))}/widget.js\" {attributes}></script></body></html>",
        }));
        await page.GotoAsync(address);
        return new Widget(page);
    }

    public async Task OpenAsync()
    {
        await Launcher.ClickAsync();
        await Assertions.Expect(Chat.Composer).ToBeVisibleAsync();
    }
}
