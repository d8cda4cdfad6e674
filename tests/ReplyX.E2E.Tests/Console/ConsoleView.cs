using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>The console as an operator sees it.</summary>
internal sealed class ConsoleView(BrowserGraph graph, Person person, IPage page)
{
    public Person Person => person;

    public IPage Page => page;

    public ILocator Inbox => page.Locator(".inbox");

    public ILocator List => page.Locator("#dialogs");

    public ILocator Search => page.Locator("#search");

    public ILocator NothingFound => page.GetByText("Nothing was found.");

    public ILocator Head => page.Locator(".dialog-head");

    public ILocator Composer => page.Locator("#reply");

    public ILocator Lock => page.Locator(".composer-lock");

    public ILocator TakeOver => page.GetByRole(AriaRole.Button, new() { Name = "Take over", Exact = true });

    public ILocator Release => page.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true });

    public ILocator Visitor => page.Locator(".visitor-pane");

    public ILocator Toast => page.Locator(".toast");

    public ILocator Problem => page.Locator("#sign-in-problem");

    public static async Task<ConsoleView> OpenAsync(BrowserGraph graph, Person person, string path = "/console") =>
        new(graph, person, await person.OpenAsync(new Uri(graph.Api, path)));

    public async Task SignInAsync(string login, string? password = null)
    {
        await EnterAsync(login, password ?? BrowserGraph.OperatorPassword);
        await Expect(Inbox).ToBeVisibleAsync();
        await ExpectConnectedAsync();
    }

    public async Task EnterAsync(string login, string password)
    {
        await page.Locator("#login").FillAsync(login);
        await page.Locator("#password").FillAsync(password);
        await page.Locator("button[type=submit]").ClickAsync();
    }

    /// <summary>Waits until the list's socket is up.</summary>
    public Task ExpectConnectedAsync() => Expect(page.Locator(".list-pane [data-connection=connected]")).ToBeAttachedAsync();

    /// <summary>Waits until the open dialog's socket is up.</summary>
    public Task ExpectDialogConnectedAsync() => Expect(page.Locator(".dialog-pane [data-connection=connected]")).ToBeAttachedAsync();

    public ILocator Row(string name) => List.GetByRole(AriaRole.Option).Filter(new() { HasText = name });

    public ILocator Bubble(string text) => page.Locator(".bubble").Filter(new() { HasText = text });

    /// <summary>The message around a text, with its state.</summary>
    public ILocator Message(string text) => page.Locator(".message").Filter(new() { HasText = text });

    public ILocator State(string text, string state) => Message(text).Locator($"[data-state={state}]");

    public async Task OpenDialogAsync(string name)
    {
        await Row(name).ClickAsync();
        await Expect(Head).ToContainTextAsync(name);
        await ExpectDialogConnectedAsync();
    }

    /// <summary>Goes to an address within the console without loading the page anew.</summary>
    public Task GoAsync(string part) => page.Locator($".rail-item[href='/console/{part}']").ClickAsync();

    public async Task TakeOverAsync()
    {
        await TakeOver.ClickAsync();
        await Expect(Release).ToBeVisibleAsync();
    }

    public async Task SayAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
        await Expect(Composer).ToHaveValueAsync("");
    }

    public Uri Address(string path) => new(graph.Api, path);
}
