using Microsoft.Playwright;

namespace ReplyX.E2E.Tests.Settings;

/// <summary>What the tests of settings do on its pages.</summary>
internal static class SettingsPage
{
    /// <summary>A page of settings is there with what it loads.</summary>
    public static async Task<IPage> UntilLoadedAsync(this IPage page, string heading)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = heading, Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".settings-skeleton")).ToHaveCountAsync(0);
        return page;
    }

    /// <summary>Saves the form and waits until nothing of it is unsaved, and nothing is to be decided.</summary>
    public static async Task SaveAsync(this IPage page)
    {
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.Locator(".save-bar, .conflict")).ToHaveCountAsync(0);
    }

    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The dialog that is open.</summary>
    public static ILocator Modal(this IPage page) => page.GetByRole(AriaRole.Dialog);

    public static ILocator Button(this ILocator part, string name) => part.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Section(this IPage page, string heading) =>
        page.Locator("section").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true }) });

    /// <summary>The text of a box with a button that copies it.</summary>
    public static ILocator CopyBox(this IPage page, string name) => page.GetByRole(AriaRole.Textbox, new() { Name = name, Exact = true });
}
