using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Embedding;

/// <summary>Who may embed the chat, and who is believed when they speak to it.</summary>
public sealed class EmbeddingTests(BrowserGraph graph) : BrowserTest(graph)
{
    // It resolves to this machine, and is none of the site's origins.
    private Uri Foreign => new($"http://foreign.localhost:{Graph.Api.Port}/page");

    [Fact]
    public async Task A_Foreign_Origin_Cannot_Frame_The_Chat()
    {
        var visitor = await ComeAsync(width: 1000, height: 800);
        var blocked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        visitor.Context.RequestFailed += (_, request) => blocked.TrySetResult(request.Failure ?? "");
        var page = await ForeignPageAsync(visitor, $"<iframe id=chat src=\"{ChatView.Address(Graph)}\"></iframe>");

        var refusal = await page.EvaluateAsync<string>(
            """
            () => new Promise((resolve) => {
              const frame = document.getElementById('chat');
              const look = () => { try { return frame.contentWindow.location.href; } catch { return 'of another origin'; } };
              if (frame.dataset.loaded) resolve(look());
              frame.addEventListener('load', () => resolve(look()));
              frame.src = frame.src;
            })
            """);

        Assert.Equal("of another origin", refusal);
        var frame = Assert.Single(page.Frames, frame => frame != page.MainFrame);
        Assert.Equal(0, await frame.Locator("main.chat").CountAsync());
        Assert.Contains("ERR_BLOCKED_BY_RESPONSE", await blocked.Task.Within("the frame to be refused"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Foreign_Origin_Cannot_Open_The_Chats_Socket()
    {
        var visitor = await ComeAsync();
        var (own, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("Mine");
        var kept = await own.EvaluateAsync<string>("() => Object.entries(localStorage).find(([key]) => key.endsWith(':visitor'))[1]");
        var page = await ForeignPageAsync(visitor, "");

        // Even with the token itself.
        const string Open =
            """
            (kept) => new Promise((resolve) => {
              const { realtimeUrl, token } = JSON.parse(kept).dialog;
              const socket = new WebSocket(realtimeUrl, ['replyx.v1', `replyx.token.${token}`]);
              const frames = [];
              socket.onmessage = ({ data }) => { frames.push(data); if (frames.length === 1) resolve(`open: ${data}`); };
              socket.onclose = ({ code }) => resolve(String(code));
            })
            """;
        Assert.Equal("4003", await page.EvaluateAsync<string>(Open, kept));
        Assert.StartsWith("open: ", await own.EvaluateAsync<string>(Open, kept), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_Is_Not_The_Embedding_Page_Is_Not_Heard()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, page, body: "<h1>A page</h1><iframe name=\"other\" srcdoc=\"<p>Somebody else</p>\"></iframe>");
        await Expect(widget.Launcher).ToBeVisibleAsync();

        // A frame beside the chat's says to the page what only the chat says, and to the chat what only the page says.
        var other = page.Frame("other")!;
        await other.EvaluateAsync(
            """
            () => {
              parent.postMessage({ replyx: 1, type: 'unread', count: 66, label: 'taken' }, '*');
              for (let i = 0; i < parent.length; i++) parent[i].postMessage({ replyx: 1, type: 'open' }, '*');
            }
            """);
        await page.EvaluateAsync("() => postMessage({ replyx: 1, type: 'unread', count: 77, label: 'taken' }, '*')");
        await page.EvaluateAsync("() => new Promise((resolve) => setTimeout(() => requestIdleCallback(resolve)))");

        await Expect(widget.Badge).ToBeEmptyAsync();
        await Expect(widget.Launcher).ToHaveAttributeAsync("aria-expanded", "false");

        // And then the right one is.
        await widget.OpenAsync();
        await widget.Chat.SaySafelyAsync("Hello");
    }

    private async Task<IPage> ForeignPageAsync(Person visitor, string body)
    {
        var page = await visitor.Context.NewPageAsync();
        await page.RouteAsync(Foreign.ToString(), route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html",
            Body = $"<!doctype html><title>Foreign</title><link rel=\"icon\" href=\"data:,\"><body>{body}",
        }));
        await page.GotoAsync(Foreign.ToString()).WaitAsync(TestTimeout.Default);
        return page;
    }
}
