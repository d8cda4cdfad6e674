using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Settings;

/// <summary>What every form of settings does: nothing is lost, overwritten or refused without a word.</summary>
public sealed class SettingsFormTests(BrowserGraph graph) : SettingsTest(graph)
{
    [Fact]
    public async Task What_is_unsaved_is_not_left_behind_without_asking()
    {
        var person = await ComeToDeskAsync();
        var (page, _) = await OpenSiteAsync(person);
        await page.GetByRole(AriaRole.Link, new() { Name = "Look" }).ClickAsync();
        await page.GetByLabel("Subtitle").FillAsync("We are here");

        // By a link of the page, by one of the console, and by Back.
        await page.GetByRole(AriaRole.Link, new() { Name = "General" }).ClickAsync();
        await page.Modal().Button("Stay").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Inbox" }).ClickAsync();
        await page.Modal().Button("Stay").ClickAsync();
        await page.EvaluateAsync("() => history.back()");
        await page.Modal().Button("Stay").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/look$"));
        await Assertions.Expect(page.GetByLabel("Subtitle")).ToHaveValueAsync("We are here");

        // Undone, there is nothing to ask about.
        await page.Button("Undo").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Subtitle")).ToHaveValueAsync("");
        await page.GetByRole(AriaRole.Link, new() { Name = "General" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Welcome message")).ToBeVisibleAsync();

        await page.GetByLabel("Welcome message").FillAsync("Lost");
        await page.GetByRole(AriaRole.Link, new() { Name = "Team" }).ClickAsync();
        await page.Modal().Button("Leave").ClickAsync();
        await page.UntilLoadedAsync("Team");
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task What_somebody_else_has_changed_meanwhile_is_shown_before_it_is_overwritten()
    {
        var person = await ComeToDeskAsync();
        var (page, site) = await OpenSiteAsync(person);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mine");
        await ChangeAsync(site, new { name = "Theirs", welcome = "Their welcome" });

        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Somebody else has changed this meanwhile: Name.");
        await page.Button("Take theirs").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Theirs");
        await Assertions.Expect(page.GetByLabel("Welcome message")).ToHaveValueAsync("Their welcome");

        // Theirs is taken where both changed something, and nowhere else.
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mine");
        await page.GetByLabel("Welcome message").FillAsync("My welcome");
        await ChangeAsync(site, new { name = "Theirs as well" });
        await page.Button("Save").ClickAsync();
        await page.Button("Take theirs").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Theirs as well");
        await Assertions.Expect(page.GetByLabel("Welcome message")).ToHaveValueAsync("My welcome");
        await page.Button("Undo").ClickAsync();

        // Kept, mine replaces theirs, and only where I changed something.
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mine");
        await ChangeAsync(site, new { name = "Theirs again", welcome = "Newer welcome" });
        await page.Button("Save").ClickAsync();
        await page.Button("Save mine").ClickAsync();
        await Assertions.Expect(page.GetByText("Saved.", new() { Exact = true })).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Mine");
        await Assertions.Expect(page.GetByLabel("Welcome message")).ToHaveValueAsync("Newer welcome");
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task What_is_typed_while_the_form_is_saved_is_kept()
    {
        var person = await ComeToDeskAsync();
        var (page, _) = await OpenSiteAsync(person);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/api/sites/*", async route =>
        {
            if (route.Request.Method == "PATCH")
            {
                asked.TrySetResult();
                await mayGo.Task;
            }

            await route.ContinueAsync();
        });

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Saved");
        await page.Button("Save").ClickAsync();
        await asked.Task.Within("the form to be sent");
        await page.GetByLabel("Welcome message").FillAsync("Typed meanwhile");
        mayGo.SetResult();

        await Assertions.Expect(page.GetByText("Saved.", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Welcome message")).ToHaveValueAsync("Typed meanwhile");
        await page.SaveAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Saved");
        await Assertions.Expect(page.GetByLabel("Welcome message")).ToHaveValueAsync("Typed meanwhile");
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task What_the_server_refuses_is_told_at_its_field()
    {
        var person = await ComeToDeskAsync();
        var (page, _) = await OpenSiteAsync(person);
        await page.RouteAsync("**/api/sites/*", route => route.Request.Method == "PATCH"
            ? route.FulfillAsync(new RouteFulfillOptions
            {
                Status = 400,
                ContentType = "application/problem+json",
                Body = """{"status":400,"code":"invalid_field","title":"A member of the body is missing or not allowed.","field":"welcome","detail":"No greeting today."}""",
            })
            : route.ContinueAsync());

        await page.GetByLabel("Welcome message").FillAsync("Good day");
        await page.Button("Save").ClickAsync();

        await Assertions.Expect(page.GetByLabel("Welcome message")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByLabel("Welcome message")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Locator(".field .error")).ToHaveTextAsync("No greeting today.");
        await Assertions.Expect(page.GetByText("Unsaved changes")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_form_is_filled_in_and_saved_by_the_keyboard_alone()
    {
        var person = await ComeToDeskAsync();
        var (page, _) = await OpenSiteAsync(person);

        await page.GetByLabel("Name", new() { Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("Typed");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText("Saved.", new() { Exact = true })).ToBeVisibleAsync();
        await page.UntilLoadedAsync("Typed");
        person.AssertNoComplaints();
    }

    private async Task<(IPage Page, string Site)> OpenSiteAsync(Person person)
    {
        var account = await AccountAsync();
        var site = await account.AddSiteAsync("Bike shop", "https://bikes.example");
        var page = await account.OpenAsync(person, account.Owner, $"/settings/sites/{site}/general");
        return (await page.UntilLoadedAsync("Bike shop"), site);
    }

    private async Task ChangeAsync(string site, object changes)
    {
        using var changed = await Account.SendAsync(HttpMethod.Patch, $"/api/sites/{site}", Account.Owner.Token, changes);
        Assert.True(changed.IsSuccessStatusCode);
    }
}
