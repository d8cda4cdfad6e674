using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>No rule of axe is broken on any page and in any state, on a phone as on a desk, in either theme and language; and nothing is cut.</summary>
public sealed class AccessibilityTests(BrowserGraph graph) : ConsoleTest(graph)
{
    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Before_The_Console(int width, string locale, ColorScheme colors)
    {
        var person = await ComeAsync(width, height: 900, locale: locale, colors: colors, touch: width < 600);
        var console = await ConsoleView.OpenAsync(Graph, person);
        await Expect(console.Page.Locator("#login")).ToBeVisibleAsync();
        await AssertGoodAsync(console);
        await console.EnterAsync(Anna, "wrong");
        await Expect(console.Problem).Not.ToBeEmptyAsync();
        await AssertGoodAsync(console);

        await console.Page.GotoAsync(console.Address("/console/invitation#nothing").ToString());
        await Expect(console.Page.Locator(".door a.button")).ToBeVisibleAsync();
        await AssertGoodAsync(console);
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task The_Inbox(int width, string locale, ColorScheme colors)
    {
        var isPhone = width < 600;
        var waiting = await VisitAsync(email: "clara@example.org");
        await waiting.SayAsync("Hello! See https://shop.example/a-rather-long-address/that-has-no-place-to-break-in-it-at-all-whatever-one-does");
        await waiting.AskForPersonAsync();
        var held = await VisitAsync();
        await held.SayAsync("Hello");
        var console = await SignInAsync(width: width, locale: locale, colors: colors, touch: isPhone);
        await Expect(console.Row(waiting.Name)).ToBeVisibleAsync();
        await AssertGoodAsync(console);

        await console.Page.Locator("[aria-haspopup=menu]").First.ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Menu)).ToBeVisibleAsync();
        await AssertGoodAsync(console);
        await console.Page.Keyboard.PressAsync("Escape");

        // A dialog: free, then one's own, with a message of one's own and somebody who types.
        await console.OpenDialogAsync(waiting.Name);
        await AssertGoodAsync(console);
        await console.Composer.FillAsync("Good morning!");
        await console.Page.Locator(".composer-send").ClickAsync();
        await Expect(console.State("Good morning!", "sent")).ToBeVisibleAsync();
        await waiting.TypeAsync();
        await Expect(console.Page.Locator("[data-typing=user]")).ToBeVisibleAsync();
        await AssertGoodAsync(console);
        await console.Composer.FillAsync("/");
        await Expect(console.Page.Locator(".quick-replies")).ToBeVisibleAsync();
        await AssertGoodAsync(console);
        await console.Composer.FillAsync("");

        if (isPhone)
        {
            await console.Page.Locator(".to-visitor").ClickAsync();
            await Expect(console.Visitor).ToBeVisibleAsync();
            await AssertGoodAsync(console);
            await console.Page.GoBackAsync();
            await console.Page.Locator(".dialog-head .only-narrow").ClickAsync();
        }

        // What a colleague holds.
        var boris = await SignInAsync(Boris);
        await boris.OpenDialogAsync(held.Name);
        await boris.TakeOverAsync();
        await console.OpenDialogAsync(held.Name);
        await Expect(console.Lock).ToBeVisibleAsync();
        await AssertGoodAsync(console);

        if (isPhone)
        {
            await console.Page.Locator(".dialog-head .only-narrow").ClickAsync();
        }

        // Nothing found, and the help.
        await console.Page.Locator("#search").FillAsync("nobody is called this");
        await Expect(console.List).ToHaveCountAsync(0);
        await AssertGoodAsync(console);
        await console.Page.Locator("#search").FillAsync("");
        await console.Page.Locator("#search").BlurAsync();
        await console.Page.Keyboard.PressAsync("?");
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await AssertGoodAsync(console);
    }

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task The_Status(int width, string locale, ColorScheme colors)
    {
        var console = await SignInAsync(width: width, locale: locale, colors: colors, touch: width < 600);
        await console.GoAsync("status");
        await Expect(console.Page.Locator(".plot canvas")).ToHaveCountAsync(4);
        await console.Page.Locator(".plot summary").First.ClickAsync();
        await AssertGoodAsync(console);
    }

    /// <summary>No rule of axe is broken, and the page is no wider than the screen.</summary>
    private static async Task AssertGoodAsync(ConsoleView console)
    {
        await Person.AssertAccessibleAsync(console.Page);
        var surplus = await console.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(surplus <= 0, $"The page is {surplus} px too wide at {console.Page.Url}.");
    }
}
