using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ReplyX.E2E.Tests.Browser;

/// <summary>The chat as a visitor sees it, whether it fills a page or stands in a frame.</summary>
internal sealed class ChatView(Func<string, ILocator> locate)
{
    public ILocator Root => locate("main.chat");

    public ILocator Composer => locate(".composer-text");

    public ILocator SendButton => locate(".send-button");

    public ILocator Log => locate("[role=log]");

    public ILocator Bubbles => locate(".bubble");

    public ILocator OwnBubbles => locate(".own .bubble");

    public ILocator OthersBubbles => locate(".other .bubble");

    public ILocator SystemLines => locate(".system-line");

    public ILocator StatusLine => locate(".status-line");

    public ILocator Title => locate(".chat-title");

    /// <summary>Whether the socket is up: the dot at the picture of who answers.</summary>
    public ILocator Up => locate(".presence.up");

    public ILocator Failed => locate(".message.failed");

    /// <summary>What became of the visitor's last message.</summary>
    public ILocator State(string state) => locate($".message-state[data-state={state}]");

    public ILocator Get(string selector) => locate(selector);

    public static ChatView In(IPage page) => new(selector => page.Locator(selector));

    public static ChatView In(IFrameLocator frame) => new(selector => frame.Locator(selector));

    public static ChatView In(IFrame frame) => new(selector => frame.Locator(selector));

    /// <summary>The chat page by itself.</summary>
    public static Uri Address(BrowserGraph graph, string query = "assistant_id=demo") => new(graph.Api, $"/chat?{query}");

    /// <summary>Opens the chat page by itself and waits until it can be used.</summary>
    public static async Task<(IPage Page, ChatView Chat)> OpenAsync(BrowserGraph graph, Person person, string query = "assistant_id=demo")
    {
        var page = await person.OpenAsync(Address(graph, query));
        var chat = In(page);
        await Assertions.Expect(chat.Composer).ToBeVisibleAsync();
        return (page, chat);
    }

    public async Task SayAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
    }

    /// <summary>Says something and waits until it is stored.</summary>
    public async Task SaySafelyAsync(string text)
    {
        await SayAsync(text);
        await Assertions.Expect(OwnBubbles.Last).ToHaveTextAsync(text);
        await Assertions.Expect(Get(".message.own").Last.Locator(".message-state")).ToHaveAttributeAsync("data-state", new Regex("^(sent|read)$"));
    }

    /// <summary>The visitor's dialog, as the page's storage names it.</summary>
    public async Task<long> DialogAsync()
    {
        var visitor = await Root.EvaluateAsync<string>(
            "() => Object.entries(localStorage).find(([key]) => key.startsWith('replyx:') && key.endsWith(':visitor'))[1]");
        return JsonDocument.Parse(visitor).RootElement.GetProperty("dialog").GetProperty("id").GetInt64();
    }
}
