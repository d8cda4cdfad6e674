using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>Operators come in by their password, stay in over a reload, and go.</summary>
public sealed class SignInTests(BrowserGraph graph) : ConsoleTest(graph)
{
    [Fact]
    public async Task A_Wrong_Password_Is_Told_And_The_Right_One_Opens_The_Inbox()
    {
        var person = await ComeToDeskAsync();
        var console = await ConsoleView.OpenAsync(Graph, person);
        await console.EnterAsync(Anna, "not the password");
        await Expect(console.Problem).ToHaveTextAsync("E-mail and password do not belong together.");
        await Expect(console.Page.Locator("#password")).ToBeFocusedAsync();
        await Expect(console.Page.Locator("#password")).ToHaveAttributeAsync("aria-invalid", "true");

        await console.SignInAsync(Anna);
        await Expect(console.Page).ToHaveURLAsync(console.Address("/console/inbox").ToString());
        await Expect(console.Page).ToHaveTitleAsync(new Regex("Inbox · ReplyX$"));
    }

    [Fact]
    public async Task A_Stranger_Is_Asked_For_Nothing_And_Told_Nothing()
    {
        var person = await ComeToDeskAsync();
        var console = await ConsoleView.OpenAsync(Graph, person, "/console/inbox/4711");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        person.AssertNoComplaints();
    }

    [Fact]
    public async Task A_Reload_Keeps_The_Session_And_The_Place()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        var console = await SignInAsync();
        await console.OpenDialogAsync(guest.Name);

        await console.Page.ReloadAsync();
        await Expect(console.Head).ToContainTextAsync(guest.Name);
        await Expect(console.Bubble("Hello")).ToBeVisibleAsync();
        await console.ExpectConnectedAsync();
        console.Person.AssertNoComplaints();
    }

    [Fact]
    public async Task Neither_Storage_Nor_Cookies_That_Scripts_See_Hold_The_Token()
    {
        var console = await SignInAsync();
        var seen = await console.Page.EvaluateAsync<string>(
            "() => JSON.stringify([document.cookie, Object.entries(localStorage), Object.entries(sessionStorage)])");
        var cookie = Assert.Single(await console.Person.Context.CookiesAsync());
        Assert.Equal("replyx_session", cookie.Name);
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.Equal("/api/operator", cookie.Path);
        Assert.DoesNotContain(cookie.Value, seen, StringComparison.Ordinal);

        // The device token opens nothing; no other JWT is kept.
        Assert.Single(Regex.Matches(seen, @"eyJ[\w-]+\.[\w-]+\.[\w-]+"));
    }

    [Fact]
    public async Task A_Session_That_Was_Ended_Elsewhere_Leads_To_The_Sign_In_And_Back_To_The_Place()
    {
        var guest = await VisitAsync();
        await guest.SayAsync("Hello");
        var console = await SignInAsync(Boris);
        await console.OpenDialogAsync(guest.Name);
        var address = console.Page.Url;

        var elsewhere = await SignInAsync(Boris);
        await elsewhere.Page.EvaluateAsync(
            """
            async () => {
              const { token } = await (await fetch('/api/operator/refresh', { method: 'POST', headers: { 'X-ReplyX-Request': '1' } })).json();
              await fetch('/api/operator/sign-out-everywhere', { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
            }
            """);

        await Expect(console.Page.GetByText("Your session has ended.")).ToBeVisibleAsync();
        await console.SignInAsync(Boris);
        await Expect(console.Head).ToContainTextAsync(guest.Name);
        Assert.Equal(address, console.Page.Url);
    }

    [Fact]
    public async Task Signing_Out_Ends_The_Session_In_All_Tabs()
    {
        var console = await SignInAsync();
        var second = await ConsoleView.OpenAsync(Graph, console.Person, "/console/inbox");
        await second.ExpectConnectedAsync();

        await console.Page.Locator(".rail-item.own").ClickAsync();
        await console.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await Expect(console.Page.Locator("#login")).ToBeVisibleAsync();
        await Expect(second.Page.Locator("#login")).ToBeVisibleAsync();

        await console.Page.ReloadAsync();
        await Expect(console.Page.Locator("#login")).ToBeVisibleAsync();
        Assert.Empty(await console.Person.Context.CookiesAsync());
    }

    [Fact]
    public async Task Whoever_Was_Invited_Chooses_A_Password_And_Is_In_Once()
    {
        var owner = await SignInAsync();
        var login = $"{Guid.NewGuid():N}@example.org";
        var url = await owner.Page.EvaluateAsync<string>(
            """
            async (login) => {
              const { token } = await (await fetch('/api/operator/refresh', { method: 'POST', headers: { 'X-ReplyX-Request': '1' } })).json();
              const answer = await fetch('/api/invitations', {
                method: 'POST',
                headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
                body: JSON.stringify({ login, role: 'operator' }),
              });
              return (await answer.json()).url;
            }
            """,
            login);
        var invitation = new Uri(url);

        var person = await ComeToDeskAsync();
        var console = await ConsoleView.OpenAsync(Graph, person, invitation.AbsolutePath + invitation.Fragment);
        await Expect(console.Page.Locator("[name=login]")).ToHaveValueAsync(login);
        await console.Page.Locator("[name=name]").FillAsync("Clara");
        await console.Page.Locator("[name=password]").FillAsync("short");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await Expect(console.Page.GetByText("At least 8 characters.")).ToBeVisibleAsync();
        await console.Page.Locator("[name=password]").FillAsync("long enough for tests");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await Expect(console.Inbox).ToBeVisibleAsync();
        await console.ExpectConnectedAsync();

        // Neither a stranger nor somebody who is signed in uses it again.
        await owner.Page.GotoAsync(url);
        await Expect(owner.Page.GetByText("This invitation is no longer open")).ToBeVisibleAsync();
        var late = await ConsoleView.OpenAsync(Graph, await ComeToDeskAsync(), invitation.AbsolutePath + invitation.Fragment);
        await Expect(late.Page.GetByText("This invitation is no longer open")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_A_Provider_Refused_Is_Said_In_Words()
    {
        var console = await ConsoleView.OpenAsync(Graph, await ComeToDeskAsync(), "/console/sign-in#error=oidc_unknown_person");
        await Expect(console.Problem).ToContainTextAsync("Ask an owner for an invitation.");
        await Expect(console.Page).ToHaveURLAsync(console.Address("/console/sign-in").ToString());
    }
}
