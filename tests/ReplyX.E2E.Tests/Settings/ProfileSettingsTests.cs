using System.Net;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;

namespace ReplyX.E2E.Tests.Settings;

public sealed class ProfileSettingsTests(BrowserGraph graph) : SettingsTest(graph)
{
    private const string NewPassword = "quite another password";

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions()
    {
        var here = await ComeToDeskAsync();
        var elsewhere = await ComeToDeskAsync();
        var account = await AccountAsync();
        var ivan = await account.AddAsync("Ivan");
        var other = await account.OpenAsync(elsewhere, ivan, "/settings/profile");
        await other.UntilLoadedAsync("Profile");
        var page = await account.OpenAsync(here, ivan, "/settings/profile");
        await page.UntilLoadedAsync("Profile");

        await page.GetByLabel("Current password").FillAsync("not my password");
        await page.GetByLabel("New password").FillAsync(NewPassword);
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Current password")).ToHaveAccessibleDescriptionAsync("This is not your current password.");

        await page.GetByLabel("Current password").FillAsync(TestAccount.Password);
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.GetByText("Password changed.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("New password")).ToHaveValueAsync("");

        // This session goes on, the others are over, and the old password is one of nobody.
        await page.ReloadAsync();
        await page.UntilLoadedAsync("Profile");
        await other.ReloadAsync();
        await Assertions.Expect(other.Locator("input[name=password]")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(account, ivan, TestAccount.Password));
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(account, ivan, NewPassword));
    }

    [Theory]
    [InlineData("short", "At least 8 characters.")]
    [InlineData(TestAccount.Password, "This is the password that you have.")]
    public async Task A_password_that_will_not_do_is_told_before_it_is_sent(string password, string complaint)
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var page = await account.OpenAsync(person, account.Owner, "/settings/profile");
        await page.UntilLoadedAsync("Profile");

        await page.GetByLabel("Current password").FillAsync(TestAccount.Password);
        await page.GetByLabel("New password").FillAsync(password);
        await page.Button("Save").ClickAsync();

        await Assertions.Expect(page.GetByText(complaint).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("New password")).ToBeFocusedAsync();
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(account, account.Owner, TestAccount.Password));
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task Signing_out_everywhere_leaves_no_browser_signed_in()
    {
        var here = await ComeToDeskAsync();
        var elsewhere = await ComeToDeskAsync();
        var account = await AccountAsync();
        var ivan = await account.AddAsync("Ivan");
        var other = await account.OpenAsync(elsewhere, ivan, "/settings/profile");
        await other.UntilLoadedAsync("Profile");
        var page = await account.OpenAsync(here, ivan, "/settings/profile");
        await page.UntilLoadedAsync("Profile");

        await page.Button("Sign out everywhere").ClickAsync();
        await page.Modal().Button("Sign out everywhere").ClickAsync();

        await Assertions.Expect(page.Locator("input[name=password]")).ToBeVisibleAsync();
        await other.ReloadAsync();
        await Assertions.Expect(other.Locator("input[name=password]")).ToBeVisibleAsync();
        using var refused = await account.SendAsync(HttpMethod.Get, "/api/account", ivan.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Name_language_and_theme_are_kept()
    {
        var person = await ComeToDeskAsync();
        var account = await AccountAsync();
        var page = await account.OpenAsync(person, account.Owner, "/settings/profile");
        await page.UntilLoadedAsync("Profile");

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Ольга <b>Орлова</b>");
        await page.SaveAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Dark" }).CheckAsync();
        await page.GetByLabel("Language", new() { Exact = true }).SelectOptionAsync("ru");
        await page.UntilLoadedAsync("Профиль");
        await page.ReloadAsync();
        await page.UntilLoadedAsync("Профиль");

        await Assertions.Expect(page.GetByLabel("Имя", new() { Exact = true })).ToHaveValueAsync("Ольга <b>Орлова</b>");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "ru");
        person.AssertNoComplaints();
    }

    private static async Task<HttpStatusCode> SignInAsync(TestAccount account, TestOperator who, string password)
    {
        using var response = await account.SendAsync(HttpMethod.Post, "/api/operator/sign-in", null, new { login = who.Login, password });
        return response.StatusCode;
    }
}
