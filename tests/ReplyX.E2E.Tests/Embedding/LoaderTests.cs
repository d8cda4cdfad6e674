using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Embedding;

/// <summary>The loader on pages of others: it opens and closes the chat, and disturbs nothing.</summary>
public sealed class LoaderTests(BrowserGraph graph) : BrowserTest(graph)
{
    [Fact]
    public async Task It_Works_Under_The_Policy_That_The_Docs_Give()
    {
        var visitor = await ComeToDeskAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, await visitor.Context.NewPageAsync(), policy: $"default-src 'none'; img-src data:; {Widget.Policy(Graph)}");

        await widget.OpenAsync();
        await widget.Chat.SaySafelyAsync("Hello from a strict page");

        Assert.Equal("fixed", await widget.Launcher.EvaluateAsync<string>("button => getComputedStyle(button).position"));
        Assert.Contains(Widget.Policy(Graph).Replace(Widget.Origin(Graph.Api), "https://chat.example.com", StringComparison.Ordinal), Documented(), StringComparison.Ordinal);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task It_Opens_And_Closes_By_Mouse_And_Keyboard_And_Gives_The_Focus_Back()
    {
        var visitor = await ComeToDeskAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, await visitor.Context.NewPageAsync());
        await Expect(widget.Launcher).ToHaveAttributeAsync("aria-label", "Open chat");
        await Expect(widget.Launcher).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(widget.Frame).ToHaveAttributeAsync("title", "Chat with Demo shop");
        await Expect(widget.Chat.Composer).Not.ToBeVisibleAsync();

        await widget.Launcher.FocusAsync();
        await widget.Page.Keyboard.PressAsync("Enter");
        await Expect(widget.Chat.Composer).ToBeFocusedAsync();
        await Expect(widget.Launcher).ToHaveAttributeAsync("aria-label", "Close chat");
        await Expect(widget.Launcher).ToHaveAttributeAsync("aria-expanded", "true");
        await widget.Page.Keyboard.PressAsync("Escape");
        await Expect(widget.Chat.Composer).Not.ToBeVisibleAsync();
        await Expect(widget.Launcher).ToBeFocusedAsync();

        // Opened by the page itself, the focus goes back to where it was.
        await widget.Page.EvaluateAsync("() => { document.getElementById('before').focus(); ReplyX.open(); }");
        await Expect(widget.Chat.Composer).ToBeFocusedAsync();
        await widget.Chat.Get("[aria-label='Close chat']").ClickAsync();
        await Expect(widget.Page.Locator("#before")).ToBeFocusedAsync();
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task What_The_Page_Calls_Before_The_Loader_Is_There_Is_Done_When_It_Is()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var begun = page.WaitForRequestAsync(request => request.Method == "POST" && request.Url.EndsWith("/dialogs", StringComparison.Ordinal));
        var widget = await Widget.OnOwnPageAsync(Graph, page, body:
            """
            <h1>A page</h1><script>
              window.heard = [];
              window.ReplyX = [['on', 'open', () => heard.push('open')], ['on', 'message', ({ sender }) => heard.push(sender)], ['open'], ['identify', { name: 'Vera', email: 'vera@example.com' }]];
            </script>
            """);
        using var desk = await Desk.SignInAsync(Graph);
        await Expect(widget.Chat.Composer).ToBeVisibleAsync();

        await widget.Chat.SaySafelyAsync("It is me");
        await desk.SayAsync(await widget.Chat.DialogAsync(), "Good day, Vera");

        Assert.Contains("\"visitor\":{\"name\":\"Vera\",\"email\":\"vera@example.com\"}", (await begun).PostData, StringComparison.Ordinal);
        await page.WaitForFunctionAsync("() => heard.join() === 'open,manager'");
        Assert.Equal(["close", "identify", "on", "open", "push"], (await page.EvaluateAsync<string[]>("() => Object.keys(ReplyX)")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Unread_Messages_Are_Counted_At_The_Launcher()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, page);
        await widget.OpenAsync();
        await widget.Chat.SaySafelyAsync("Tell me later");
        var dialog = await widget.Chat.DialogAsync();
        await widget.Launcher.ClickAsync();
        await Expect(widget.Chat.Composer).Not.ToBeVisibleAsync();
        await page.EvaluateAsync("() => { window.counts = []; ReplyX.on('unread', ({ count }) => counts.push(count)); }");

        await desk.SayAsync(dialog, "Later");
        await Expect(widget.Badge).ToHaveTextAsync("1");
        await desk.SayAsync(dialog, "It is later");
        await Expect(widget.Badge).ToHaveTextAsync("2");
        await Expect(widget.Launcher).ToHaveAttributeAsync("aria-label", "Open chat, 2 new messages");

        // The same for who comes back.
        await page.ReloadAsync();
        await Expect(widget.Badge).ToHaveTextAsync("2");
        await widget.OpenAsync();
        await Expect(widget.Badge).ToBeEmptyAsync();
        await Expect(widget.Chat.Get(".unread-line")).ToHaveTextAsync("New messages");
    }

    [Fact]
    public async Task Two_Scripts_And_A_Page_That_Loads_It_Again_Do_No_Harm()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var script = $"<script async src=\"{Widget.Origin(Graph.Api)}/widget.js\" data-assistant-id=\"demo\"></script>";
        var widget = await Widget.OnOwnPageAsync(Graph, page, body: $"<h1>A page</h1>{script}");
        await Expect(widget.Launcher).ToBeVisibleAsync();
        await Expect(widget.Launcher).ToHaveCountAsync(1);

        // A single-page application throws all of its content away, and runs its scripts again.
        const string Again =
            """
            () => {
              const before = document.querySelector('script[src$="widget.js"]');
              document.body.replaceChildren();
              const script = document.createElement('script');
              script.src = before.src;
              script.dataset.assistantId = 'demo';
              document.body.append(script);
            }
            """;
        await page.EvaluateAsync(Again);
        await Expect(widget.Launcher).ToBeVisibleAsync();
        await page.EvaluateAsync(Again.Replace("document.body.replaceChildren();", "", StringComparison.Ordinal));
        await widget.OpenAsync();
        await Expect(widget.Launcher).ToHaveCountAsync(1);
        await widget.Chat.SaySafelyAsync("Still one");
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task A_Page_That_Has_Thrown_It_Away_Goes_On_Without_An_Error()
    {
        var visitor = await ComeToDeskAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, await visitor.Context.NewPageAsync());
        await Expect(widget.Launcher).ToBeVisibleAsync();

        var errors = await widget.Page.EvaluateAsync<string[]>(
            """
            async () => {
              const errors = [];
              addEventListener('error', ({ message }) => errors.push(message));
              document.body.replaceChildren();
              const moved = new Promise((resolve) => navigation.addEventListener('navigatesuccess', resolve, { once: true }));
              navigation.navigate('#elsewhere');
              await moved;
              return errors;
            }
            """);

        Assert.Empty(errors);
    }

    [Fact]
    public async Task It_Takes_No_Place_In_A_Page_That_Lays_Out_Its_Body()
    {
        var visitor = await ComeToDeskAsync();
        var widget = await Widget.OnOwnPageAsync(
            Graph, await visitor.Context.NewPageAsync(), head: "<style>body { display: flex; justify-content: space-between; gap: 40px; }</style>");
        await Expect(widget.Launcher).ToBeVisibleAsync();

        var places = await widget.Page.EvaluateAsync<double[]>(
            """
            () => {
              const place = () => document.getElementById('before').getBoundingClientRect().x;
              const withIt = place();
              document.querySelector('replyx-widget').remove();
              return [withIt, place()];
            }
            """);

        Assert.Equal(places[1], places[0]);
    }

    [Fact]
    public async Task The_Badge_Of_Who_Comes_Back_Is_There_However_Late_The_Page_Answers_The_Chat()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, page);
        await widget.OpenAsync();
        await widget.Chat.SaySafelyAsync("I shall come back");
        await widget.Launcher.ClickAsync();
        await Expect(widget.Chat.Composer).Not.ToBeVisibleAsync();
        await desk.SayAsync(await widget.Chat.DialogAsync(), "Meanwhile");
        await Expect(widget.Badge).ToHaveTextAsync("1");

        // The page is busy as the chat says that it is there.
        await page.AddInitScriptAsync(
            """
            addEventListener('message', (event) => {
              if (event.data?.type !== 'hello' || !event.isTrusted) return;
              event.stopImmediatePropagation();
              const { data, origin, source } = event;
              window.answer = () => dispatchEvent(new MessageEvent('message', { data, origin, source }));
            });
            """);
        await page.ReloadAsync();
        await Expect(widget.Chat.Up).ToHaveCountAsync(1);
        await page.EvaluateAsync("() => answer()");

        await Expect(widget.Badge).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task Who_Listens_When_It_Is_Ready_Hears_That_Once()
    {
        var visitor = await ComeToDeskAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, await visitor.Context.NewPageAsync());
        await Expect(widget.Launcher).ToBeVisibleAsync();

        var heard = await widget.Page.EvaluateAsync<string[]>(
            """
            () => new Promise((resolve) => {
              const heard = [];
              ReplyX.on('ready', () => heard.push('first'));
              ReplyX.on('ready', () => heard.push('gone'))();
              ReplyX.on('ready', () => { heard.push('last'); setTimeout(() => resolve(heard)); });
            })
            """);

        Assert.Equal(["first", "last"], heard);
    }

    [Fact]
    public async Task The_Launcher_Is_Named_By_What_Stands_On_It_And_Its_Ring_Is_Seen_On_Any_Ground()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        await page.RouteAsync("**/chat?*", async route =>
        {
            var answer = await route.FetchAsync();
            var text = await answer.TextAsync();
            var own = text.Replace("\"launcher_text\":\"\"", "\"launcher_text\":\"Ask us\"", StringComparison.Ordinal);
            Assert.NotEqual(text, own);
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = own });
        });
        var widget = await Widget.OnOwnPageAsync(Graph, page, "data-assistant-id=\"demo\" data-color=\"#ffffff\"");
        await Expect(widget.Launcher).ToHaveTextAsync("Ask us");
        await Expect(widget.Launcher).ToHaveAccessibleNameAsync("Ask us. Open chat");

        await widget.Launcher.FocusAsync();
        Assert.Equal("rgb(16, 20, 30)", await widget.Launcher.EvaluateAsync<string>("button => getComputedStyle(button).outlineColor"));
        await widget.OpenAsync();
        await Expect(widget.Launcher).ToHaveAccessibleNameAsync("Close chat");
    }

    [Theory]
    [InlineData(375, "floating")]
    [InlineData(1440, "fullscreen")]
    public async Task The_Focus_Does_Not_Go_Behind_A_Chat_That_Covers_The_Page(int width, string type)
    {
        var visitor = await ComeAsync(width, height: 700);
        var page = await visitor.Context.NewPageAsync();
        await page.AddInitScriptAsync("if (window === top) { window.time = 0; performance.now = () => time; }");
        var widget = await Widget.OnOwnPageAsync(Graph, page, $"data-assistant-id=\"demo\" data-type=\"{type}\"");
        await widget.OpenAsync();

        // A menu that has opened the chat gives the focus back as it closes: that is no wish to leave.
        await page.EvaluateAsync("() => document.getElementById('before').focus()");
        await Expect(widget.Panel).ToBeVisibleAsync();
        await page.EvaluateAsync("() => { time = 2000; }");
        await widget.Chat.Get(".menu-root > button").FocusAsync();
        await page.Keyboard.PressAsync("Shift+Tab");

        await Expect(page.Locator("#before")).ToBeFocusedAsync();
        await Expect(widget.Panel).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Embedded_It_Tells_The_Page_What_Is_Unread()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, page, "data-assistant-id=\"demo\" data-type=\"embedded\"");
        await widget.Chat.SaySafelyAsync("In the page");
        await page.EvaluateAsync("() => { window.counts = []; ReplyX.on('unread', ({ count }) => counts.push(count)); }");

        await desk.SayAsync(await widget.Chat.DialogAsync(), "I see");

        await page.WaitForFunctionAsync("() => counts.join() === '1,0'");
    }

    [Theory]
    [InlineData("data-type=\"embedded\" data-target=\"#here\"", "<h1>A page</h1><div id=\"here\"></div><p>After</p>", "#here > replyx-widget")]
    [InlineData("data-type=\"embedded\"", "<h1>A page</h1>", "body > replyx-widget")]
    [InlineData("data-type=\"embedded\" data-target=\"###bad\"", "<h1>A page</h1>", "body > replyx-widget")]
    public async Task Embedded_It_Stands_In_The_Page(string attributes, string body, string place)
    {
        var visitor = await ComeAsync(width: 1000, height: 900);
        var page = await visitor.Context.NewPageAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, page, $"data-assistant-id=\"demo\" {attributes}", body: body);

        await Expect(widget.Chat.Composer).ToBeVisibleAsync();
        await Expect(widget.Launcher).ToHaveCountAsync(0);
        await Expect(page.Locator(place)).ToBeVisibleAsync();
        var box = (await widget.Frame.BoundingBoxAsync())!;
        Assert.True(box is { Height: >= 384, Width: > 900 }, $"It is {box.Width} by {box.Height} px.");
        await widget.Chat.SaySafelyAsync("In the page");
        await Expect(widget.Chat.Get("[aria-label='Close chat']")).ToHaveCountAsync(0);
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Attributes_Decide_Side_Colour_Language_Theme_And_Greeting()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, page, "data-assistant-id=\"demo\" data-position=\"left\" data-color=\"#ffd400\" data-locale=\"ru\" data-theme=\"dark\" data-type=\"fullscreen\" data-welcome=\"Привет!\"");
        await Expect(widget.Launcher).ToHaveAttributeAsync("aria-label", "Открыть чат");
        Assert.True((await widget.Launcher.BoundingBoxAsync())!.X < 100, "The launcher is not at the left.");
        Assert.Equal("rgb(255, 212, 0)", await widget.Launcher.EvaluateAsync<string>("button => getComputedStyle(button).backgroundColor"));

        await widget.OpenAsync();

        var panel = (await widget.Panel.BoundingBoxAsync())!;
        Assert.Equal((0, 0, 1440, 900), (panel.X, panel.Y, panel.Width, panel.Height));
        await Expect(widget.Chat.Get(".intro-greeting")).ToHaveTextAsync("Привет!");
        await Expect(widget.Chat.Composer).ToHaveAttributeAsync("placeholder", "Напишите сообщение…");
        Assert.Equal("dark", await widget.Chat.Root.EvaluateAsync<string>("() => document.documentElement.dataset.theme"));
    }

    [Fact]
    public async Task Without_A_Chat_There_Is_No_Launcher_And_No_Error_In_The_Page()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error);
        var answer = page.WaitForResponseAsync("**/chat?*");
        var widget = await Widget.OnOwnPageAsync(Graph, page, "data-assistant-id=\"nobody\"");
        Assert.Equal(404, (await answer).Status);

        await page.EvaluateAsync("() => { ReplyX.open(); ReplyX.identify(); ReplyX.on('open', () => {}); ReplyX.on('constructor', () => {}); ReplyX.push(['nothing'], null); }");

        await Expect(widget.Launcher).ToBeHiddenAsync();
        await Expect(widget.Panel).ToBeHiddenAsync();
        await page.EvaluateAsync("() => ReplyX.close()");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task A_Chat_That_The_Server_Could_Not_Give_Comes_When_It_Can()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var asked = 0;
        await page.RouteAsync("**/chat?*", async route =>
        {
            if (++asked > 1)
            {
                await route.ContinueAsync();
                return;
            }

            // As without Redis: the page of an assistant that is none, with the other reason.
            var none = await route.FetchAsync(new RouteFetchOptions { Url = ChatView.Address(Graph, "assistant_id=nobody").ToString() });
            await route.FulfillAsync(new RouteFulfillOptions { Response = none, Status = 503, Body = (await none.TextAsync()).Replace("\"unknown\"", "\"busy\"", StringComparison.Ordinal) });
        });
        var widget = await Widget.OnOwnPageAsync(Graph, page);

        await widget.OpenAsync();

        await Expect(widget.Chat.Composer).ToBeVisibleAsync();
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task In_A_Sandbox_It_Fails_Quietly()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        List<string> errors = [];
        page.PageError += (_, error) => errors.Add(error);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.RequestFailed += (_, request) => refused.TrySetResult();
        await Widget.OnOwnPageAsync(Graph, page, policy: "sandbox allow-scripts");

        await refused.Task.Within("the chat to be refused");

        Assert.Equal("null", await page.EvaluateAsync<string>("() => origin"));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Its_Shadow_Root_Is_Closed_To_The_Page()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.OpenAsync(new Uri($"{Widget.Host(Graph)}/demo"));
        await page.WaitForSelectorAsync("replyx-widget", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });

        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('replyx-widget').shadowRoot === null"));
    }

    [Fact]
    public async Task A_Site_Token_Opens_The_Chat_Until_It_Is_Replaced()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        var token = await desk.SiteTokenAsync();
        var widget = await Widget.OnOwnPageAsync(Graph, page, $"data-site-token=\"{token}\"");
        await widget.OpenAsync();
        await widget.Chat.SaySafelyAsync("By the site's token");

        var next = await desk.RotateSiteTokenAsync();

        await Expect(widget.Chat.Get(".ended")).ToContainTextAsync("has moved or is switched off");
        var stray = await visitor.Context.NewPageAsync();
        Assert.Equal(410, (await stray.GotoAsync(ChatView.Address(Graph, $"site_token={token}").ToString()))!.Status);
        await Expect(stray.Locator("p")).ToContainTextAsync("replaced by a newer one");

        // The page as its owner has changed it: the visitor finds their conversation again.
        var renewed = await Widget.OnOwnPageAsync(Graph, await visitor.Context.NewPageAsync(), $"data-site-token=\"{next}\"");
        await renewed.OpenAsync();
        await Expect(renewed.Chat.OwnBubbles).ToHaveTextAsync(["By the site's token"]);
    }

    private static string Documented() => File.ReadAllText(Repository.File("docs", "widget.md"));
}
