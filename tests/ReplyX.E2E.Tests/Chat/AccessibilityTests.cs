using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReplyX.Client;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Chat;

/// <summary>No rule of axe is broken in any state, and the keyboard and a screen reader get everywhere.</summary>
public sealed class AccessibilityTests(BrowserGraph graph) : BrowserTest(graph)
{
    [Theory]
    [MemberData(nameof(Views.OfOneWidth), MemberType = typeof(Views))]
    public async Task No_Rule_Is_Broken_In_Any_State(string locale, ColorScheme colors)
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync(locale: locale, colors: colors);
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        Assert.Equal(locale[..2], await page.EvaluateAsync<string>("() => document.documentElement.lang"));
        await Person.AssertAccessibleAsync(page);

        await chat.Get(".menu-root > button").ClickAsync();
        await Person.AssertAccessibleAsync(page);
        await chat.Get(".menu-item").ClickAsync();
        await Expect(chat.Get("dialog")).ToBeVisibleAsync();
        await chat.Get("[type=email]").FillAsync("nobody");
        await chat.Get("dialog [type=submit]").ClickAsync();
        await Expect(chat.Get("#contact-problem")).Not.ToBeEmptyAsync();
        await Person.AssertAccessibleAsync(page);
        await page.Keyboard.PressAsync("Escape");

        await chat.SaySafelyAsync("A message with a link: https://example.com/");
        var dialog = await chat.DialogAsync();
        await desk.SayAsync(dialog, "An answer with one: https://example.org/");
        await Expect(chat.OthersBubbles.Last).ToContainTextAsync("An answer");
        await desk.StepAsync(dialog, HandoffStep.Request);
        await Expect(chat.Get(".human-waiting")).ToBeVisibleAsync();
        await Person.AssertAccessibleAsync(page);

        await desk.StepAsync(dialog, HandoffStep.Takeover);
        await Expect(chat.Title).ToHaveTextAsync("Anna");
        await using var socket = await desk.WatchAsync(Graph, dialog);
        await socket.MarkReadAsync(2);
        await socket.SendTypingAsync(true);
        await Expect(chat.State("read")).ToBeVisibleAsync();
        await Expect(chat.Get(".typing")).ToBeVisibleAsync();
        await Person.AssertAccessibleAsync(page);

        Graph.Wire.Break();
        await Expect(chat.StatusLine).Not.ToBeEmptyAsync();
        await chat.SayAsync("On its way");
        await Expect(chat.State("sending")).ToBeVisibleAsync();
        await Person.AssertAccessibleAsync(page);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_Rule_Is_Broken_Where_Something_Failed(ColorScheme colors)
    {
        var visitor = await ComeAsync(colors: colors);
        var page = await visitor.Context.NewPageAsync();
        IWebSocketRoute? toPage = null;
        await page.RouteWebSocketAsync("**/ws/**", socket =>
        {
            toPage = socket;
            var server = socket.ConnectToServer();
            socket.OnMessage(frame =>
            {
                var message = System.Text.Json.JsonDocument.Parse(frame.Text!.StartsWith('{') ? frame.Text : "{}").RootElement;
                if (message.TryGetProperty("client_id", out var key))
                {
                    socket.Send($$"""{"type":"error","code":"bad_text","message":"No.","client_id":"{{key.GetString()}}"}""");
                }
                else
                {
                    server.Send(frame.Text!);
                }
            });
        });
        await page.GotoAsync(ChatView.Address(Graph).ToString());
        var chat = ChatView.In(page);
        await chat.SayAsync("Refused");
        await Expect(chat.Failed).ToBeVisibleAsync();
        await Person.AssertAccessibleAsync(page);

        // The server ends the chat: why, and a way on.
        await toPage!.CloseAsync(new WebSocketRouteCloseOptions { Code = 4002 });
        await Expect(chat.Get(".ended")).ToContainTextAsync("This chat has ended");
        await Person.AssertAccessibleAsync(page);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Go on" }).ClickAsync();
        await Expect(chat.Up).ToBeVisibleAsync();
        await Expect(chat.Composer).ToBeVisibleAsync();

        var stray = await visitor.Context.NewPageAsync();
        var answer = await stray.GotoAsync(ChatView.Address(Graph, "assistant_id=nobody").ToString());
        Assert.Equal(404, answer!.Status);
        await Expect(stray.Locator("h1")).ToHaveTextAsync("There is no chat here");
        await Person.AssertAccessibleAsync(stray);
    }

    [Fact]
    public async Task The_Keyboard_Gets_Everywhere_In_Order()
    {
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor, "assistant_id=shop");
        await Person.AssertAccessibleAsync(page);
        List<string> stops = [];
        for (var i = 0; i < 4; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            stops.Add(await page.EvaluateAsync<string>("() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"));
            Assert.NotEqual("none", await page.EvaluateAsync<string>(
                "() => { const style = getComputedStyle(document.activeElement.closest('.composer-box') ?? document.activeElement); return style.outlineStyle !== 'none' ? style.outlineStyle : style.boxShadow; }"));
        }

        Assert.Equal(["More", "Messages", "Talk to a person", "Your message"], stops);
        await Expect(chat.Composer).ToBeFocusedAsync();

        await chat.Get(".menu-root > button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(chat.Get(".menu-item")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(chat.Get(".menu-root > button")).ToBeFocusedAsync();
        await Expect(chat.Get(".menu")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Only_What_Is_New_Is_Spoken()
    {
        using var desk = await Desk.SignInAsync(Graph);
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("Hello");
        await page.ReloadAsync();
        await Expect(chat.Up).ToBeVisibleAsync();
        var spoken = chat.Get("[aria-live=polite]");
        await Expect(spoken).ToBeEmptyAsync();
        await Expect(chat.Log).ToHaveAttributeAsync("aria-live", "off");

        await desk.SayAsync(await chat.DialogAsync(), "Good day");

        await Expect(spoken).ToHaveTextAsync("Anna: Good day");
    }

    [Fact]
    public async Task What_Is_Told_By_The_Way_Has_Its_Place_Before_It_Is_Told()
    {
        var visitor = await ComeAsync();
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync(["", "", ""]);

        await chat.Get(".menu-root > button").ClickAsync();
        await chat.Get(".menu-item").ClickAsync();
        await chat.Get("#contact-name").FillAsync("Vera");
        await chat.Get("dialog [type=submit]").ClickAsync();
        await chat.Composer.FillAsync(new string('a', 7_990));

        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync([new Regex("^$"), new Regex("."), new Regex("10")]);
    }

    [Theory]
    [InlineData(320, 256)]
    [InlineData(320, 568)]
    public async Task Zoomed_To_400_Percent_Nothing_Is_Lost(int width, int height)
    {
        var visitor = await ComeAsync(width, height);
        var (page, chat) = await ChatView.OpenAsync(Graph, visitor);
        await chat.SaySafelyAsync("Averyveryveryveryveryveryveryveryveryveryveryverylongwordthatmustbreak https://example.com/a/very/long/path/that/must/break/as/well");

        Assert.Equal(width, await page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"));
        Assert.True(await chat.Log.EvaluateAsync<bool>("log => log.scrollWidth <= log.clientWidth && log.clientHeight >= 80"));
        await Expect(chat.Composer).ToBeInViewportAsync(new LocatorAssertionsToBeInViewportOptions { Ratio = 1 });
        await Expect(chat.Get(".menu-root > button")).ToBeInViewportAsync(new LocatorAssertionsToBeInViewportOptions { Ratio = 1 });
    }
}
