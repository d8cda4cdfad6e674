using System.Globalization;
using System.Text.RegularExpressions;
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

        var guest = await VisitAsync(assistantId: "shop");
        await guest.AskForPersonAsync();
        await page.WaitForFunctionAsync("(name) => counted.shown.some(([title]) => title === name) && counted.notes > 0", guest.Name);

        // Where no assistant answers, whoever writes waits for a person.
        var second = await VisitAsync();
        await second.SayAsync("Hello");
        await page.WaitForFunctionAsync("(name) => counted.shown.some(([title]) => title === name)", second.Name);
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

    [Fact]
    public async Task What_A_Colleague_Takes_Over_Alerts_Nobody()
    {
        var console = await ListenAsync();
        var guest = await VisitAsync(assistantId: "shop");
        await guest.SayAsync("Hello");
        await Expect(console.Row(guest.Name)).ToContainTextAsync("Assistant: ");
        var boris = await SignInAsync(Boris);
        await boris.OpenDialogAsync(guest.Name);
        await boris.TakeOverAsync();
        await Expect(console.Row(guest.Name)).ToContainTextAsync("Boris");
        Assert.Equal(0, await console.Page.EvaluateAsync<int>("() => counted.notes"));
    }

    [Fact]
    public async Task The_Title_Tells_Of_All_Who_Wait_Whatever_Is_Shown()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("A person, please");
        await guest.AskForPersonAsync();
        var console = await SignInAsync();
        await Expect(console.Page).ToHaveTitleAsync(new Regex(@"^\([0-9]+\) Inbox"));
        var count = (await console.Page.TitleAsync()).Split(' ')[0];
        await console.Search.FillAsync("nobody is called this");
        await Expect(console.NothingFound).ToBeVisibleAsync();

        // Who comes to wait meanwhile counts as well, and on a page that has a title of its own.
        await console.GoAsync("settings");
        await Expect(console.Page).ToHaveTitleAsync($"{count} Profile · ReplyX");
        var second = await VisitAsync();
        await second.SayAsync("A person, please");
        await second.AskForPersonAsync();
        var more = int.Parse(count.Trim('(', ')'), CultureInfo.InvariantCulture) + 1;
        await Expect(console.Page).ToHaveTitleAsync($"({more}) Profile · ReplyX");
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
