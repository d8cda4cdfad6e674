using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;

namespace ReplyX.E2E.Tests.Settings;

/// <summary>Every page of settings by axe, on a phone and on a desk, light and dark, and nothing of it out of sight.</summary>
public sealed class SettingsAccessibilityTests(BrowserGraph graph) : SettingsTest(graph)
{
    private static readonly string[] _pages =
    [
        "", "profile", "account", "team", "sites", "sites/{site}/general", "sites/{site}/look", "sites/{site}/embed", "sites/{site}/token",
        "sites/{site}/delete", "assistant/{site}", "quick-replies", "audit",
    ];

    [Theory]
    [MemberData(nameof(Views.All), MemberType = typeof(Views))]
    public async Task Every_page_is_accessible_and_fits(int width, string locale, ColorScheme colors)
    {
        var person = await ComeAsync(width, width < 600 ? 812 : 900, locale, colors, touch: width < 600);
        var account = await AccountAsync("An account whose name is longer than anybody needs");
        var site = await account.AddSiteAsync("A site whose name is longer than anybody needs", "https://a-rather-long-origin.subdomain.of-some-company.example");
        await account.AddAsync("Ivan <i>with</i> a name that goes on and on and on");
        await account.PostAsync("/api/invitations", new { role = "owner", login = "somebody.with.a.long.address@subdomain.of-some-company.example" });
        await account.PostAsync("/api/operators/bots", new { name = "Order status" });
        var page = await account.OpenAsync(person, account.Owner, "/settings");

        foreach (var path in _pages)
        {
            await page.GotoAsync(new Uri(Graph.Api, $"/console/settings/{path.Replace("{site}", site, StringComparison.Ordinal)}").ToString());
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator(".settings-skeleton")).ToHaveCountAsync(0);

            await Person.AssertAccessibleAsync(page);
            Assert.True(await FitsAsync(page), $"{path} is wider than {width} px");
        }

        person.AssertNoComplaints();
    }

    [Theory]
    [InlineData(375, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    public async Task What_opens_over_a_page_is_accessible_too(int width, ColorScheme colors)
    {
        var person = await ComeAsync(width, 812, colors: colors);
        var account = await AccountAsync();
        var site = await account.AddSiteAsync("Bike shop", "https://bikes.example");
        var page = await account.OpenAsync(person, account.Owner, "/settings/team");
        await page.UntilLoadedAsync("Team");

        // A dialog with fields, a secret that is shown once, and a form with errors.
        await page.Button("Invite").ClickAsync();
        await Assertions.Expect(page.Modal()).ToBeVisibleAsync();
        await Person.AssertAccessibleAsync(page);
        await page.Modal().Button("Create link").ClickAsync();
        await Assertions.Expect(page.CopyBox("Invitation link")).ToBeVisibleAsync();
        await Person.AssertAccessibleAsync(page);
        Assert.True(await FitsAsync(page), $"the link is wider than {width} px");

        await page.GotoAsync(new Uri(Graph.Api, $"/console/settings/sites/{site}/general").ToString());
        await page.UntilLoadedAsync("Bike shop");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("");
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.GetByText("Fill this in.")).ToBeVisibleAsync();
        await Person.AssertAccessibleAsync(page);
        person.AssertNoComplaints();
    }

    // Rows that scroll by themselves may hold more than is seen.
    private static Task<bool> FitsAsync(IPage page) => page.EvaluateAsync<bool>(
        """
        () => {
          const part = document.querySelector('.part');
          return part.scrollWidth <= part.clientWidth
            && [...part.querySelectorAll('*')].every((one) => one.closest('.tabs, .copy-box, .stage, .sr-only') || one.getBoundingClientRect().right <= innerWidth + 1);
        }
        """);
}
