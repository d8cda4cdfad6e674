using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Settings;

public sealed class SiteSettingsTests(BrowserGraph graph) : SettingsTest(graph)
{
    [Fact]
    public async Task An_owner_makes_a_site_gives_it_a_look_and_copies_its_code()
    {
        var person = await ComeToDeskAsync();
        await person.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var account = await AccountAsync();
        await account.AddSiteAsync("Workshop");
        var page = await account.OpenAsync(person, account.Owner, "/inbox");

        // With one site there is nothing to choose, and without an assistant nothing that it has.
        await Assertions.Expect(page.Locator(".list-filters button")).ToHaveTextAsync(["All", "Waiting", "Mine"]);
        await Assertions.Expect(page.Locator(".chip-select")).ToHaveCountAsync(0);
        await page.Locator(".rail-item[href='/console/settings']").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sites", Exact = true }).ClickAsync();
        await page.UntilLoadedAsync("Sites");

        await page.Button("New site").ClickAsync();
        await page.Modal().GetByLabel("Name").FillAsync("Bike shop");
        await page.Modal().GetByLabel("Address of its pages").FillAsync("https://bikes.example");
        await page.Modal().Button("Create site").ClickAsync();
        await page.UntilLoadedAsync("Bike shop");

        // The look, which the preview shows before it is saved.
        var chat = page.FrameLocator("iframe[title='Preview of the chat']");
        await page.GetByRole(AriaRole.Button, new() { Name = "#be123c" }).ClickAsync();
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Ask our mechanics");
        await page.GetByLabel("Text of the button").FillAsync("Questions?");
        await Assertions.Expect(chat.GetByRole(AriaRole.Heading, new() { Name = "Ask our mechanics" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".stage-launcher")).ToHaveTextAsync("Questions?");
        await Assertions.Expect(chat.GetByText("Our team answers your questions")).ToBeVisibleAsync();
        await Assertions.Expect(chat.Locator(".avatar.bot")).ToHaveCountAsync(0);
        await page.SaveAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Title", new() { Exact = true })).ToHaveValueAsync("Ask our mechanics");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Color", Exact = true })).ToHaveValueAsync("#be123c");

        // The code, for a page that has the chat in it.
        var tab = page.GetByRole(AriaRole.Link, new() { Name = "Embed code" });
        var before = await tab.BoundingBoxAsync();
        await tab.ClickAsync();
        await Assertions.Expect(tab).ToHaveAttributeAsync("aria-current", "page");
        Assert.Equal(before!.X, (await tab.BoundingBoxAsync())!.X);
        await page.GetByRole(AriaRole.Radio, new() { Name = "Embedded" }).CheckAsync();
        await page.GetByLabel("Theme", new() { Exact = true }).SelectOptionAsync("dark");
        await page.Button("Copy code").ClickAsync();
        await Assertions.Expect(page.Button("Copied")).ToBeVisibleAsync();
        var code = await page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.Matches($"^<script async src=\"[^\"]+/widget\\.js\" data-site-token=\"[^\"]+\" data-type=\"embedded\" data-theme=\"dark\"></script>$", code);
        Assert.Equal("Bike shop", await SiteOfTokenAsync(account, TokenIn(code)));

        // The inbox, which was open before, knows the site by its name.
        await page.Locator(".rail-item[href='/console/inbox']").ClickAsync();
        await Assertions.Expect(page.Locator(".chip-select option")).ToHaveTextAsync(["All sites", "Bike shop", "Workshop"]);
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task A_replaced_token_starts_nothing_any_more()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var site = await account.AddSiteAsync("Bike shop", "https://bikes.example");
        var page = await account.OpenAsync(person, account.Owner, $"/settings/sites/{site}/token");
        await page.UntilLoadedAsync("Bike shop");
        var old = await page.CopyBox("Site token").InnerTextAsync();

        await page.Button("Replace token").ClickAsync();
        await page.Modal().Button("Cancel").ClickAsync();
        Assert.Equal("Bike shop", await SiteOfTokenAsync(account, old));

        await page.Button("Replace token").ClickAsync();
        await page.Modal().Button("Replace token").ClickAsync();
        await Assertions.Expect(page.CopyBox("Site token")).Not.ToHaveTextAsync(old);
        await Assertions.Expect(page.GetByText("The old token is void.")).ToBeVisibleAsync();

        Assert.Null(await SiteOfTokenAsync(account, old));
        Assert.Equal("Bike shop", await SiteOfTokenAsync(account, await page.CopyBox("Site token").InnerTextAsync()));
        person.AssertNoComplaints();
    }

    [Theory]
    [InlineData("bikes.example", "It begins with https:// or http://.")]
    [InlineData("https://bikes.example/shop", "Only scheme, host and port: no path, query or user.")]
    [InlineData("https://bikes.*.example", "A star stands only at the beginning of a host name: https://*.shop.example.")]
    [InlineData("https://first.example", "This one is in the list already.")]
    public async Task What_is_no_origin_is_told_at_its_field_and_not_sent(string origin, string complaint)
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var site = await account.AddSiteAsync("Bike shop", "https://first.example");
        var page = await account.OpenAsync(person, account.Owner, $"/settings/sites/{site}/general");
        await page.UntilLoadedAsync("Bike shop");
        List<string> sent = [];
        page.Request += (_, request) => sent.Add($"{request.Method} {new Uri(request.Url).AbsolutePath}");

        await page.Button("Add origin").ClickAsync();
        await page.GetByLabel("Origin 2", new() { Exact = true }).FillAsync(origin);
        await page.Button("Save").ClickAsync();

        await Assertions.Expect(page.GetByLabel("Origin 2", new() { Exact = true })).ToHaveAccessibleDescriptionAsync(complaint);
        await Assertions.Expect(page.GetByLabel("Origin 2", new() { Exact = true })).ToBeFocusedAsync();
        Assert.DoesNotContain(sent, request => request.StartsWith("PATCH", StringComparison.Ordinal));

        await page.GetByLabel("Origin 2", new() { Exact = true }).FillAsync("https://*.bikes.example");
        await page.SaveAsync();
        Assert.Equal(["https://first.example", "https://*.bikes.example"], await OriginsAsync(account, site));
    }

    [Fact]
    public async Task A_site_is_deleted_when_its_name_was_typed()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var site = await account.AddSiteAsync("Bike shop");
        var page = await account.OpenAsync(person, account.Owner, $"/settings/sites/{site}/delete");
        await page.UntilLoadedAsync("Bike shop");

        await page.Button("Delete site…").ClickAsync();
        await page.Modal().GetByLabel("Type “Bike shop” to confirm").FillAsync("Bike");
        await Assertions.Expect(page.Modal().Button("Delete site")).ToBeDisabledAsync();
        await page.Modal().GetByLabel("Type “Bike shop” to confirm").FillAsync("Bike shop");
        await page.Modal().Button("Delete site").ClickAsync();

        await page.UntilLoadedAsync("Sites");
        await Assertions.Expect(page.GetByText("No sites yet")).ToBeVisibleAsync();
        using var gone = await account.SendAsync(HttpMethod.Get, $"/api/sites/{site}", account.Owner.Token);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, gone.StatusCode);
        person.AssertNoComplaints();
    }

    private static string TokenIn(string code) => code.Split("data-site-token=\"")[1].Split('"')[0];

    /// <summary>The name of the site that the token starts dialogs on; null for none.</summary>
    private static async Task<string?> SiteOfTokenAsync(TestAccount account, string token)
    {
        using var response = await account.SendAsync(HttpMethod.Post, "/api/validate-widget-token", null, new { token });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token());
        return answer.GetProperty("valid").GetBoolean() ? answer.GetProperty("site").GetProperty("name").GetString() : null;
    }

    private static async Task<IEnumerable<string?>> OriginsAsync(TestAccount account, string site)
    {
        using var response = await account.SendAsync(HttpMethod.Get, $"/api/sites/{site}", account.Owner.Token);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token());
        return answer.GetProperty("origins").EnumerateArray().Select(origin => origin.GetString());
    }
}
