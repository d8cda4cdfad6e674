using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>An operator who looks elsewhere hears of visitors who wait, as loudly as they like.</summary>
public sealed class AlertTests(BrowserGraph graph) : ConsoleTest(graph)
{
    // Counts what the page asks of the browser, which nobody looks at here.
    private const string Counters =
        """
        globalThis.counted = { asked: 0, shown: [], notes: 0 };
        globalThis.Notification = class {
          static permission = 'default';
          static async requestPermission() { counted.asked++; return (this.permission = 'granted'); }
          constructor(title, { body }) { counted.shown.push([title, body]); }
        };
        const create = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () { counted.notes++; return create.call(this); };
        document.hasFocus = () => false;
        """;

    [Fact]
    public async Task A_Notification_Is_Asked_For_By_A_Click_And_Told_Of_Who_Waits()
    {
        var console = await ListenAsync();
        var page = console.Page;
        Assert.Equal(0, await page.EvaluateAsync<int>("() => counted.asked"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Alerts" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "Desktop notifications" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "Desktop notifications" })).ToHaveAttributeAsync("aria-checked", "true");
        Assert.Equal(1, await page.EvaluateAsync<int>("() => counted.asked"));

        var guest = await VisitAsync();
        await guest.SayAsync("A person, please");
        await guest.AskForPersonAsync();
        await page.WaitForFunctionAsync("(name) => counted.shown.some(([title]) => title === name) && counted.notes > 0", guest.Name);
    }

    [Fact]
    public async Task Who_Is_Not_To_Be_Disturbed_Is_Not()
    {
        var console = await ListenAsync();
        var page = console.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Alerts" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "Desktop notifications" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "Do not disturb" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "Sound" })).ToHaveAttributeAsync("aria-disabled", "true");

        // The switch is kept.
        await page.ReloadAsync();
        await console.ExpectConnectedAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Alerts: do not disturb" })).ToBeVisibleAsync();
        var guest = await VisitAsync();
        await guest.SayAsync("A person, please");
        await guest.AskForPersonAsync();
        await Expect(console.Row(guest.Name).Locator(".tag.waiting")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => counted.shown.length === 0 && counted.notes === 0"));
    }

    [Fact]
    public async Task What_The_Assistant_Answers_Alone_Alerts_Nobody()
    {
        var console = await ListenAsync();
        var guest = await VisitAsync(assistantId: "shop");
        await guest.SayAsync("Hello");
        await Expect(console.Row(guest.Name)).ToContainTextAsync("Assistant: ");
        Assert.Equal(0, await console.Page.EvaluateAsync<int>("() => counted.notes"));
    }

    private async Task<ConsoleView> ListenAsync()
    {
        var person = await ComeToDeskAsync();
        await person.Context.AddInitScriptAsync(Counters);
        var console = await ConsoleView.OpenAsync(Graph, person);
        await console.SignInAsync(Anna);
        return console;
    }
}
