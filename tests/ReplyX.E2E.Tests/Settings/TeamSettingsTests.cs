using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Settings;

public sealed class TeamSettingsTests(BrowserGraph graph) : SettingsTest(graph)
{
    [Fact]
    public async Task Whoever_is_invited_joins_and_sees_no_page_of_owners()
    {
        var owner = await ComeToDeskAsync();
        var invitee = await ComeToDeskAsync();
        var account = await AccountAsync();
        var login = $"{Guid.NewGuid():N}@shop.example";

        var team = await account.OpenAsync(owner, account.Owner, "/settings/team");
        await team.UntilLoadedAsync("Team");
        await team.Button("Invite").ClickAsync();
        await team.Modal().GetByLabel("Name").FillAsync("Ivan");
        await team.Modal().GetByLabel("Login").FillAsync(login);
        await team.Modal().Button("Create link").ClickAsync();
        var link = await team.CopyBox("Invitation link").InnerTextAsync();
        await team.Modal().Button("Done").ClickAsync();
        await Assertions.Expect(team.Section("1 open invitation")).ToContainTextAsync("Ivan");

        // In another browser, as the link leads there.
        var joining = await invitee.OpenAsync(new Uri(Graph.Api, $"/console/invitation{new Uri(link).Fragment}"));
        await joining.Locator("input[name=password]").FillAsync(TestAccount.Password);
        await joining.Locator("form button[type=submit]").ClickAsync();
        await joining.WaitForURLAsync("**/console/inbox");

        // Later, with login and password.
        await joining.Locator(".rail-item.own").ClickAsync();
        await joining.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(joining.Locator("#login")).ToBeVisibleAsync();
        var settings = await account.OpenAsync(invitee, new TestOperator("Ivan", login, ""), "/settings/profile");
        await settings.UntilLoadedAsync("Profile");
        var pages = settings.GetByRole(AriaRole.Navigation, new() { Name = "Settings" }).GetByRole(AriaRole.Link);
        await Assertions.Expect(pages).ToHaveTextAsync(["Profile", "Quick replies"]);
        await settings.GotoAsync(new Uri(Graph.Api, "/console/settings/team").ToString());
        await settings.UntilLoadedAsync("For owners");
        await Assertions.Expect(settings.GetByText(account.Owner.Login)).ToHaveCountAsync(0);

        await team.ReloadAsync();
        await Assertions.Expect(team.Section("2 people")).ToContainTextAsync(login);
        await Assertions.Expect(team.GetByText("open invitation")).ToHaveCountAsync(0);
        owner.AssertNoComplaints();
    }

    [Theory]
    [InlineData("GET", "/api/audit")]
    [InlineData("GET", "/api/invitations")]
    [InlineData("POST", "/api/invitations")]
    [InlineData("POST", "/api/operators/bots")]
    [InlineData("POST", "/api/sites")]
    [InlineData("PATCH", "/api/account")]
    [InlineData("PUT", "/api/quick-replies")]
    public async Task What_is_for_owners_the_Api_refuses_an_operator(string method, string path)
    {
        var account = await AccountAsync();
        var ivan = await account.AddAsync("Ivan");

        object? body = method == "GET" ? null : new { role = "owner", name = "Mine", items = Array.Empty<object>() };
        using var refused = await account.SendAsync(new HttpMethod(method), path, ivan.Token, body);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task The_last_owner_cannot_step_down_and_is_told_why()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        await account.AddAsync("Ivan");
        var page = await account.OpenAsync(person, account.Owner, "/settings/team");
        await page.UntilLoadedAsync("Team");

        await page.GetByLabel("Role of Olga Owner").SelectOptionAsync("operator");
        await page.Modal().Button("Change role").ClickAsync();
        await Assertions.Expect(page.GetByText("This is the last owner. Make somebody else an owner first.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Role of Olga Owner")).ToHaveValueAsync("owner");

        await page.GetByLabel("Role of Ivan").SelectOptionAsync("owner");
        await page.Modal().Button("Change role").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Role of Ivan")).ToHaveValueAsync("owner");
        await page.GetByLabel("Role of Olga Owner").SelectOptionAsync("operator");
        await page.Modal().Button("Change role").ClickAsync();
        await page.UntilLoadedAsync("For owners");
    }

    [Fact]
    public async Task Who_is_removed_is_out()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var ivan = await account.AddAsync("Ivan");
        var page = await account.OpenAsync(person, account.Owner, "/settings/team");
        await page.UntilLoadedAsync("Team");

        await page.Button("Remove Ivan").ClickAsync();
        await page.Modal().Button("Remove").ClickAsync();

        await Assertions.Expect(page.Section("1 person")).ToBeVisibleAsync();
        using var refused = await account.SendAsync(HttpMethod.Get, "/api/account", ivan.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_revoked_invitation_opens_nothing()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var invitation = await account.PostAsync("/api/invitations", new { role = "operator", name = "Ivan" });
        var page = await account.OpenAsync(person, account.Owner, "/settings/team");
        await page.UntilLoadedAsync("Team");

        await page.Section("1 open invitation").Button("Revoke").ClickAsync();
        await page.Modal().Button("Revoke").ClickAsync();

        await Assertions.Expect(page.GetByText("open invitation")).ToHaveCountAsync(0);
        var secret = new Uri(invitation.GetProperty("url").GetString()!).Fragment[1..];
        using var gone = await account.SendAsync(HttpMethod.Post, "/api/invitations/look", null, new { secret });
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_bot_has_a_key_until_it_gets_another()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var page = await account.OpenAsync(person, account.Owner, "/settings/team");
        await page.UntilLoadedAsync("Team");

        await page.Button("Add bot").ClickAsync();
        await page.Modal().GetByLabel("Name").FillAsync("Orders");
        await page.Modal().Button("Create key").ClickAsync();
        var first = await page.CopyBox("Key").InnerTextAsync();
        await page.Modal().Button("Done").ClickAsync();
        Assert.Equal("bot", await RoleOfKeyAsync(account, first));

        await page.Button("New key for Orders").ClickAsync();
        await page.Modal().Button("Replace key").ClickAsync();
        var second = await page.CopyBox("Key").InnerTextAsync();
        await page.Modal().Button("Done").ClickAsync();
        Assert.Null(await RoleOfKeyAsync(account, first));
        Assert.Equal("bot", await RoleOfKeyAsync(account, second));

        // Neither is shown a second time.
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByText("Orders", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText(second)).ToHaveCountAsync(0);
        person.AssertNoComplaints();
    }

    /// <summary>Who a bot's key signs in; null if it is none.</summary>
    private static async Task<string?> RoleOfKeyAsync(TestAccount account, string key)
    {
        using var response = await account.SendAsync(HttpMethod.Post, "/api/operator/bot-token", null, new { key });
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<JsonElement>(TestTimeout.Token())).GetProperty("operator").GetProperty("role").GetString()
            : null;
    }
}
