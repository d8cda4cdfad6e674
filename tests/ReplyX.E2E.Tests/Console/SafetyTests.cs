using System.Net;
using System.Text;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>Neither visitors nor other pages get anything done in an operator's name.</summary>
public sealed class SafetyTests(BrowserGraph graph) : ConsoleTest(graph)
{
    private const string Script = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

    [Fact]
    public async Task Script_In_What_A_Visitor_Says_Stays_Text()
    {
        var guest = await VisitAsync(name: "<b>Eve</b> " + Guid.NewGuid().ToString("N")[..6], page: "https://shop.example/?q=%3Cscript%3E", title: Script);
        await guest.SayAsync(Script);
        await guest.SayAsync("javascript:alert(1) https://ok.example/ data:text/html,x");
        var console = await SignInAsync();
        await console.OpenDialogAsync(guest.Name);

        await Expect(console.Bubble(Script)).ToHaveTextAsync(Script);
        await Expect(console.Visitor).ToContainTextAsync(Script);
        await Expect(console.Head).ToContainTextAsync(guest.Name);
        await Expect(console.Page.Locator("img, .inbox b, .inbox script")).ToHaveCountAsync(0);
        await Expect(console.Page.Locator(".bubble a")).ToHaveCountAsync(1);
        await Expect(console.Page.Locator(".bubble a")).ToHaveAttributeAsync("href", "https://ok.example/");
        await Expect(console.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("Inbox · ReplyX$"));
        console.Person.AssertNoComplaints();
    }

    [Fact]
    public async Task The_Console_Cannot_Be_Framed()
    {
        using var http = new HttpClient { BaseAddress = Graph.Api };
        foreach (var path in new[] { "/console", "/console/inbox/1", "/console/invitation", "/console/settings/team" })
        {
            using var answer = await http.GetAsync(path, TestTimeout.Token());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        }

        var person = await ComeToDeskAsync();
        var page = await ForeignPageAsync(person, "");
        await page.EvaluateAsync(
            """
            (url) => new Promise((resolve) => {
              const frame = Object.assign(document.createElement('iframe'), { src: url, onload: resolve });
              document.body.append(frame);
            })
            """,
            new Uri(Graph.Api, "/console").ToString());
        Assert.Equal("chrome-error://chromewebdata/", page.Frames[1].Url);
    }

    [Theory]
    [InlineData("/api/operator/refresh")]
    [InlineData("/api/operator/sign-out")]
    public async Task A_Foreign_Page_Of_The_Same_Site_Does_Nothing_By_The_Cookie(string path)
    {
        var console = await SignInAsync();
        var page = await ForeignPageAsync(console.Person, $"<form id=f method=post action=\"{new Uri(Graph.Api, path)}\"><button>Win</button></form>");

        // The same host with another port: the browser sends the strictest of cookies along.
        var request = page.WaitForRequestAsync($"**{path}");
        var refused = await page.RunAndWaitForResponseAsync(() => page.Locator("button").ClickAsync(), $"**{path}");
        Assert.Contains("replyx_session", (await (await request).AllHeadersAsync()).GetValueOrDefault("cookie", ""), StringComparison.Ordinal);
        Assert.Equal(403, refused.Status);
        Assert.Contains("cross_site", await refused.TextAsync(), StringComparison.Ordinal);

        // And with the header that it takes, which no foreign page may send.
        page = await ForeignPageAsync(console.Person, "");
        var outcome = await page.EvaluateAsync<string>(
            "(url) => fetch(url, { method: 'POST', credentials: 'include', headers: { 'X-ReplyX-Request': '1' } }).then((answer) => String(answer.status), () => 'refused')",
            new Uri(Graph.Api, path).ToString());
        Assert.Equal("refused", outcome);

        await console.Page.ReloadAsync();
        await Expect(console.Inbox).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("/api/operator/sign-in", "{\"login\":\"anna@demo.replyx.dev\",\"password\":\"x\"}")]
    [InlineData("/api/invitations/accept", "{\"secret\":\"x\"}")]
    [InlineData("/api/operator/bot-token", "{\"key\":\"x\"}")]
    public async Task Json_That_Calls_Itself_Text_Is_Refused(string path, string body)
    {
        using var http = new HttpClient { BaseAddress = Graph.Api };
        using var content = new StringContent(body, Encoding.UTF8, "text/plain");
        using var answer = await http.PostAsync(path, content, TestTimeout.Token());
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task No_Other_Origin_May_Read_What_The_Api_Answers_Operators()
    {
        using var http = new HttpClient { BaseAddress = Graph.Api };
        foreach (var path in new[] { "/api/operator/refresh", "/api/dialogs", "/api/operators" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            request.Headers.Add("Origin", "https://evil.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,x-replyx-request");
            using var answer = await http.SendAsync(request, TestTimeout.Token());
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"), path);
        }
    }

    /// <summary>A page of the same host with another port. The test itself answers for it, so nothing listens there.</summary>
    private async Task<IPage> ForeignPageAsync(Person person, string body)
    {
        var address = new UriBuilder(Graph.Api) { Port = 45_678, Path = "/foreign" }.Uri.ToString();
        var page = await person.Context.NewPageAsync();
        await page.RouteAsync(address, route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html",
            Body = $"<!doctype html><title>Foreign</title>{body}",
        }));
        await page.GotoAsync(address);
        return page;
    }
}
