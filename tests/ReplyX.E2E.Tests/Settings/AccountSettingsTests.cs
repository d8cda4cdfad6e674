using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;

namespace ReplyX.E2E.Tests.Settings;

public sealed class AccountSettingsTests(BrowserGraph graph) : SettingsTest(graph)
{
    [Fact]
    public async Task A_shorter_retention_is_asked_about_first()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var page = await account.OpenAsync(person, account.Owner, "/settings/account");
        await page.UntilLoadedAsync("Account");

        await page.GetByLabel("Days").FillAsync("30");
        await Assertions.Expect(page.GetByText("Archived messages older than 30 days are deleted")).ToBeVisibleAsync();
        await page.Button("Save").ClickAsync();
        await page.Modal().Button("Cancel").ClickAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Days")).ToHaveValueAsync("365");

        await page.GetByLabel("Days").FillAsync("30");
        await page.Button("Save").ClickAsync();
        await page.Modal().Button("Save and delete").ClickAsync();
        await Assertions.Expect(page.GetByText("Saved.", new() { Exact = true })).ToBeVisibleAsync();

        // Longer takes nothing away, so nothing is asked.
        await page.GetByRole(AriaRole.Radio, new() { Name = "For ever" }).CheckAsync();
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.GetByText("Unsaved changes")).ToHaveCountAsync(0);

        // What was saved just now is what the next is compared with.
        await page.GetByRole(AriaRole.Radio, new() { Name = "For a limited time" }).CheckAsync();
        await page.Button("Save").ClickAsync();
        await page.Modal().Button("Cancel").ClickAsync();
        await page.Button("Undo").ClickAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "For ever" })).ToBeCheckedAsync();
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task The_audit_log_says_who_did_what_and_script_in_names_stays_text()
    {
        const string Script = "<img src=x onerror=alert(1)>";
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var ivan = await account.AddAsync(Script, "owner");
        var site = await account.AddSiteAsync("Bike shop");
        using (var changed = await account.SendAsync(HttpMethod.Patch, $"/api/sites/{site}", ivan.Token, new { name = Script, look = new { color = "#be123c" } }))
        {
            Assert.True(changed.IsSuccessStatusCode);
        }

        var page = await account.OpenAsync(person, account.Owner, "/settings/audit");
        await page.UntilLoadedAsync("Audit log");

        var entries = page.Locator(".audit-entry");
        await Assertions.Expect(entries.Nth(0)).ToContainTextAsync($"{Script} changed the site {Script}");
        await Assertions.Expect(entries.Nth(0)).ToContainTextAsync("#be123c");
        await Assertions.Expect(entries.Nth(1)).ToContainTextAsync("Olga Owner created the site Bike shop");
        await Assertions.Expect(entries.Nth(2)).ToContainTextAsync($"{Script} joined the team");
        await Assertions.Expect(entries.Last).ToContainTextAsync("ReplyX created the account");
        Assert.Equal(0, await page.Locator("img").CountAsync());

        await page.GetByLabel("Who").SelectOptionAsync(Script);
        await page.GetByLabel("What").SelectOptionAsync("site");
        await Assertions.Expect(entries).ToHaveCountAsync(1);
        await page.GetByLabel("What").SelectOptionAsync("account");
        await Assertions.Expect(page.GetByText("Nothing like that here")).ToBeVisibleAsync();
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task Older_entries_of_the_audit_log_come_on_demand()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var site = await account.AddSiteAsync("Bike shop");
        for (var i = 0; i < 60; i++)
        {
            using var changed = await account.SendAsync(HttpMethod.Patch, $"/api/sites/{site}", account.Owner.Token, new { name = $"Name {i}" });
            Assert.True(changed.IsSuccessStatusCode);
        }

        var page = await account.OpenAsync(person, account.Owner, "/settings/audit");
        await page.UntilLoadedAsync("Audit log");
        await Assertions.Expect(page.Locator(".audit-entry")).ToHaveCountAsync(50);
        await page.Button("Show older").ClickAsync();

        await Assertions.Expect(page.Locator(".audit-entry").Last).ToContainTextAsync("created the account");
        await Assertions.Expect(page.Button("Show older")).ToHaveCountAsync(0);
        Assert.Equal(60, await page.Locator(".audit-entry").Filter(new() { HasText = "renamed the site" }).CountAsync());
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task Quick_replies_are_written_by_owners_and_read_by_operators()
    {
        var owner = await ComeToDeskAsync();
        var operators = await ComeToDeskAsync();
        var account = await AccountAsync();
        var ivan = await account.AddAsync("Ivan");
        var page = await account.OpenAsync(owner, account.Owner, "/settings/quick-replies");
        await page.UntilLoadedAsync("Quick replies");

        await page.Button("Add").ClickAsync();
        await page.GetByLabel("Word", new() { Exact = true }).FillAsync("two words");
        await page.GetByLabel("Text", new() { Exact = true }).FillAsync("Hello! <i>How</i> can I help?");
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Word", new() { Exact = true })).ToHaveAccessibleDescriptionAsync("One word, without spaces.");
        await page.GetByLabel("Word", new() { Exact = true }).FillAsync("hello");
        await page.SaveAsync();

        var reading = await account.OpenAsync(operators, ivan, "/settings/quick-replies");
        await reading.UntilLoadedAsync("Quick replies");
        await Assertions.Expect(reading.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "/hello" })).ToContainTextAsync("Hello! <i>How</i> can I help?");
        await Assertions.Expect(reading.GetByLabel("Word", new() { Exact = true })).ToHaveCountAsync(0);
        await Assertions.Expect(reading.Button("Add")).ToHaveCountAsync(0);
        owner.AssertNoComplaints();
        operators.AssertNoComplaints();
    }
}
