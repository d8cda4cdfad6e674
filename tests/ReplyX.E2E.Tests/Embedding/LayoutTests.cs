using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Embedding;

/// <summary>On a phone the chat fills the screen; on a desk it floats over the page.</summary>
public sealed class LayoutTests(BrowserGraph graph) : BrowserTest(graph)
{
    [Theory]
    [InlineData(375, 667, true)]
    [InlineData(1440, 900, false)]
    public async Task The_Widget_Fits_The_Screen(int width, int height, bool isPhone)
    {
        var visitor = await ComeAsync(width, height, touch: isPhone);
        var widget = await Widget.OnAsync(Graph, await visitor.Context.NewPageAsync());
        var launcher = (await widget.Launcher.BoundingBoxAsync())!;
        Assert.True(launcher.X + launcher.Width <= width && launcher.Y + launcher.Height <= height && launcher is { Width: >= 44, Height: >= 44 }, "The launcher is cut, or too small for a thumb.");
        await Person.AssertAccessibleAsync(widget.Page);

        await widget.OpenAsync();
        await widget.Chat.SaySafelyAsync("Does it fit?");

        var panel = (await widget.Panel.BoundingBoxAsync())!;
        if (isPhone)
        {
            Assert.Equal((0, 0, width, height), (panel.X, panel.Y, panel.Width, panel.Height));
            await Expect(widget.Launcher).ToBeHiddenAsync();
        }
        else
        {
            Assert.True(panel is { Width: 400, Height: > 500 } && panel.X + panel.Width <= width && panel.Y >= 0, $"The panel is at {panel.X}, {panel.Y}, {panel.Width} by {panel.Height} px.");
            Assert.True(panel.Y + panel.Height <= launcher.Y, "The panel covers the launcher.");
        }

        foreach (var part in new[] { widget.Chat.Composer, widget.Chat.SendButton, widget.Chat.Get("[aria-label='Close chat']"), widget.Chat.OwnBubbles.Last })
        {
            await Expect(part).ToBeInViewportAsync(new LocatorAssertionsToBeInViewportOptions { Ratio = 1 });
        }

        Assert.True(await widget.Page.EvaluateAsync<bool>("() => document.scrollingElement.scrollWidth <= innerWidth"), "The page scrolls sideways.");
        await Person.AssertAccessibleAsync(widget.Page);
        await widget.Chat.Get("[aria-label='Close chat']").ClickAsync();
        await Expect(widget.Launcher).ToBeVisibleAsync();
        visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task The_Keyboard_Of_A_Phone_Does_Not_Hide_The_Composer()
    {
        var visitor = await ComeAsync(375, 667, touch: true);
        var page = await visitor.Context.NewPageAsync();

        // Chromium without a window has no such keyboard: what it does to the page is done by the test.
        await page.AddInitScriptAsync(
            """
            const seen = Object.assign(new EventTarget(), { width: 375, height: 667, offsetTop: 0, offsetLeft: 0, scale: 1 });
            Object.defineProperty(window, 'visualViewport', { value: seen });
            window.keyboard = (height) => { seen.height = 667 - height; seen.dispatchEvent(new Event('resize')); };
            """);
        var widget = await Widget.OnAsync(Graph, page);
        await widget.OpenAsync();

        await page.EvaluateAsync("() => keyboard(300)");
        var panel = (await widget.Panel.BoundingBoxAsync())!;
        var composer = (await widget.Chat.Composer.BoundingBoxAsync())!;
        Assert.Equal(367, panel.Height);
        Assert.True(composer.Y + composer.Height <= 367, "The keyboard covers the composer.");

        await page.EvaluateAsync("() => keyboard(0)");
        Assert.Equal(667, (await widget.Panel.BoundingBoxAsync())!.Height);
    }
}
