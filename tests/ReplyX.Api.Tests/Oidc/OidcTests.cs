using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Tests.Oidc;

public sealed class OidcTests(SharedServers servers) : ApiTest(servers), IAsyncLifetime
{
    private const string Start = "/api/operator/oidc/test/start";

    private TestAuthority? _authority;

    private TestAuthority Authority => _authority!;

    public async ValueTask InitializeAsync() => _authority = await TestAuthority.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Authority.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Whoever_an_authority_vouches_for_is_signed_in()
    {
        await using var api = await StartApiAsync(Authority.Settings);
        var account = await api.NewAccountAsync();
        await account.OperatorAsync();
        Authority.Person["email"] = account.Login("Anna").ToUpperInvariant();
        var listed = (await api.GetAsync("/api/operator/oidc")).Is(HttpStatusCode.OK).Json.GetProperty("providers")[0];
        Assert.Equal(("test", "Test authority"), (listed.GetProperty("id").GetString(), listed.GetProperty("name").GetString()));

        using var browser = new Browser();
        var end = await browser.GoAsync(new Uri(api.Root, Start));

        Assert.Equal(new Uri(api.Root, "/console/"), end);
        Assert.Empty(Authority.Refused);
        var authorize = browser.Visited[1].Query;
        Assert.Contains("code_challenge_method=S256", authorize, StringComparison.Ordinal);
        Assert.Contains("scope=openid%20email%20profile", authorize, StringComparison.Ordinal);

        // Lax, not None, so that browsers take them on plain http and send them with the redirect back; for the handler's path only.
        var helpers = browser.SetCookies.Where(cookie => cookie.StartsWith(".AspNetCore.", StringComparison.Ordinal) && !IsDeletion(cookie)).ToList();
        Assert.Equal(2, helpers.Count);
        foreach (var cookie in helpers)
        {
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("path=/api/operator/oidc/test/callback", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        }

        var session = browser.SetCookies.Single(cookie => cookie.StartsWith("replyx_session=", StringComparison.Ordinal)).Split(';', '=')[1];
        var refreshed = await api.PostWithCookieAsync(
            "/api/operator/refresh", session, ("X-ReplyX-Request", "1"), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal("anna", refreshed.Is(HttpStatusCode.OK).Json.GetProperty("operator").GetProperty("id").GetString());

        // The same answer of the authority a second time.
        Assert.Equal("#error=oidc_failed", (await browser.GoAsync(browser.Visited.Single(url => url.AbsolutePath.EndsWith("/callback", StringComparison.Ordinal)))).Fragment);
    }

    [Fact]
    public async Task One_instance_takes_up_what_another_began()
    {
        // As behind a proxy: both say the same public address to the authority, and the way back leads to the other one.
        List<(string, string)> settings = [.. Authority.Settings, ("Sites:PublicUrl", "http://127.0.0.1:9/")];
        await using var first = await StartApiAsync(settings);
        await using var second = await StartApiAsync(settings);
        var account = await first.NewAccountAsync();
        await account.OperatorAsync();
        Authority.Person["email"] = account.Login("Anna");
        using var browser = new Browser(url => url.AbsolutePath.EndsWith("/callback", StringComparison.Ordinal)
            ? new UriBuilder(url) { Port = second.Root.Port }.Uri
            : url);

        Assert.Equal("/console/", (await browser.GoAsync(new Uri(first.Root, Start))).AbsolutePath);
    }

    [Theory]
    [InlineData("wrong nonce", "oidc_failed")]
    [InlineData("wrong state", "oidc_failed")]
    [InlineData("no state", "oidc_failed")]
    [InlineData("wrong audience", "oidc_failed")]
    [InlineData("wrong issuer", "oidc_failed")]
    [InlineData("foreign key", "oidc_failed")]
    [InlineData("foreign code", "oidc_failed")]
    [InlineData("denied", "oidc_denied")]
    [InlineData("unverified", "oidc_email_unverified")]
    [InlineData("verified unsaid", "oidc_email_unverified")]
    [InlineData("no address", "oidc_email_unverified")]
    [InlineData("unknown person", "oidc_unknown_person")]
    public async Task Whatever_is_wrong_ends_on_the_sign_in_page(string what, string error)
    {
        await using var api = await StartApiAsync(Authority.Settings);
        var account = await api.NewAccountAsync();
        await account.OperatorAsync();
        Authority.Person["email"] = account.Login(what == "unknown person" ? "Nobody" : "Anna");
        switch (what)
        {
            case "wrong nonce":
                Authority.Spoil = claims => claims["nonce"] = "another";
                break;
            case "wrong state":
                Authority.SpoilRedirect = url => url[..^8] + "AAAAAAAA";
                break;
            case "no state":
                Authority.SpoilRedirect = url => url[..url.IndexOf("&state", StringComparison.Ordinal)];
                break;
            case "wrong audience":
                Authority.Spoil = claims => claims["aud"] = "another";
                break;
            case "wrong issuer":
                Authority.Spoil = claims => claims["iss"] = "https://another.example";
                break;
            case "foreign key":
                Authority.UsesForeignKey = true;
                break;
            case "foreign code":
                Authority.SpoilRedirect = url => url.Replace("code=", "code=x", StringComparison.Ordinal);
                break;
            case "denied":
                Authority.SpoilRedirect = url => url.Replace("code=", "error=access_denied&x=", StringComparison.Ordinal);
                break;
            case "unverified":
                Authority.Person["email_verified"] = false;
                break;
            case "verified unsaid":
                Authority.Person.Remove("email_verified");
                break;
            case "no address":
                Authority.Person.Remove("email");
                break;
        }

        using var browser = new Browser();
        var end = await browser.GoAsync(new Uri(api.Root, Start));

        Assert.Equal(("/console/sign-in", $"#error={error}"), (end.AbsolutePath, end.Fragment));
        Assert.DoesNotContain(browser.SetCookies, cookie => cookie.StartsWith("replyx_session=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_browser_cannot_use_the_way_back()
    {
        await using var api = await StartApiAsync(Authority.Settings);
        var account = await api.NewAccountAsync();
        await account.OperatorAsync();
        Authority.Person["email"] = account.Login("Anna");
        Uri? back = null;
        using var attacker = new Browser(url =>
        {
            if (url.AbsolutePath.EndsWith("/callback", StringComparison.Ordinal))
            {
                back = url;
                return new Uri(api.Root, "/alive");
            }

            return url;
        });
        await attacker.GoAsync(new Uri(api.Root, Start));

        using var victim = new Browser();
        Assert.Equal("#error=oidc_failed", (await victim.GoAsync(back!)).Fragment);
        Assert.DoesNotContain(victim.SetCookies, cookie => cookie.StartsWith("replyx_session=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_open_invitation_for_the_address_is_accepted()
    {
        await using var api = await StartApiAsync(Authority.Settings);
        var account = await api.NewAccountAsync();
        var owner = await account.OwnerAsync();
        var login = account.Login("Clara");
        var way = await InviteAsync(owner, login);
        (Authority.Person["email"], Authority.Person["name"]) = (login, "Clara Schumann");

        // Another account invited the same address, and one of its own another: neither is where she wants to go.
        var other = await api.NewAccountAsync();
        var stranger = await InviteAsync(await other.OwnerAsync("Mallory"), login);
        foreach (var wrong in (string[])[Start, $"{Start}?invitation={await InviteAsync(owner, account.Login("Dora"))}", $"{Start}?invitation=x.y", $"{Start}?invitation=."])
        {
            using var lost = new Browser();
            Assert.Equal("#error=oidc_unknown_person", (await lost.GoAsync(new Uri(api.Root, wrong))).Fragment);
        }

        using var browser = new Browser();
        Assert.Equal("/console/", (await browser.GoAsync(new Uri(api.Root, $"{Start}?invitation={way}"))).AbsolutePath);

        var clara = (await api.Accounts.FindOperatorByLoginAsync(login, TestTimeout.Token()))!;
        Assert.Equal((account.Id, "Clara Schumann", OperatorRole.Operator), (clara.Account, clara.Name, clara.Role));
        Assert.Single((await api.GetAsync("/api/invitations", owner)).Items);

        // Nobody has a password for them.
        (await api.PostAsync("/api/operator/sign-in", new { login, password = "some password" })).IsProblem(401, "sign_in_failed");

        // And again, as the operator that they are now.
        using var again = new Browser();
        Assert.Equal("/console/", (await again.GoAsync(new Uri(api.Root, $"{Start}?invitation={stranger}"))).AbsolutePath);
        Assert.Equal(2, (await api.Services.GetRequiredService<OperatorSessions>().ListAsync(account.Id, clara.Id, TestTimeout.Token())).Count);

        // What the page behind the link tells.
        async Task<string> InviteAsync(string inviter, string invited)
        {
            var made = (await api.PostAsync("/api/invitations", new { login = invited, role = "operator" }, inviter)).Is(HttpStatusCode.Created);
            var secret = made.Json.GetProperty("url").GetString()!.Split('#')[1];
            var look = (await api.PostAsync("/api/invitations/look", new { secret })).Is(HttpStatusCode.OK).Json;
            Assert.Equal("test", look.GetProperty("oidc")[0].GetProperty("id").GetString());
            return look.GetProperty("invitation").GetString()!;
        }
    }

    [Fact]
    public async Task The_way_back_takes_no_body_and_few_failures()
    {
        await using var api = await StartApiAsync([.. Authority.Settings, ("Limits:SignInAddress:Burst", "3"), ("Limits:SignInAddress:PerMinute", "1")]);
        const string Callback = "/api/operator/oidc/test/callback";
        using var form = new FormUrlEncodedContent([new("state", "x"), new("code", "y")]);
        using var posted = await api.Http.PostAsync(new Uri(api.Root, Callback), form, TestTimeout.Token());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);

        for (var i = 0; i < 3; i++)
        {
            using var browser = new Browser();
            Assert.Equal("#error=oidc_failed", (await browser.GoAsync(new Uri(api.Root, $"{Callback}?state=x&code={i}"))).Fragment);
        }

        (await api.GetAsync($"{Callback}?state=x&code=y")).IsProblem(429, "rate_limited");
    }

    [Fact]
    public async Task An_address_that_only_the_userinfo_endpoint_tells_counts_too()
    {
        await using var api = await StartApiAsync(Authority.Settings);
        var account = await api.NewAccountAsync();
        await account.OperatorAsync();
        Authority.Person.Clear();
        Authority.UserInfo = new() { ["sub"] = "somebody", ["email"] = account.Login("Anna"), ["email_verified"] = true };

        using var browser = new Browser();
        Assert.Equal("/console/", (await browser.GoAsync(new Uri(api.Root, Start))).AbsolutePath);
    }

    [Fact]
    public async Task An_authority_that_does_not_answer_is_said_to_be_unavailable()
    {
        await using var api = await StartApiAsync(
            ("Oidc:away:Authority", $"http://127.0.0.1:{FreePort.Next()}"), ("Oidc:away:ClientId", "replyx"));

        using var browser = new Browser();
        Assert.Equal("#error=oidc_unavailable", (await browser.GoAsync(new Uri(api.Root, "/api/operator/oidc/away/start"))).Fragment);
        (await api.GetAsync("/api/operator/oidc/nobody/start")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task An_authority_that_goes_away_amid_it_is_a_failure()
    {
        await using var api = await StartApiAsync(Authority.Settings);
        using var browser = new Browser(url =>
        {
            if (url.AbsolutePath.EndsWith("/callback", StringComparison.Ordinal))
            {
                Authority.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }

            return url;
        });

        Assert.Equal("#error=oidc_failed", (await browser.GoAsync(new Uri(api.Root, Start))).Fragment);
    }

    private static bool IsDeletion(string cookie) => cookie.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase);

    /// <summary>Follows redirects with its cookies, up to a page of the console.</summary>
    private sealed class Browser(Func<Uri, Uri>? route = null) : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });

        public List<Uri> Visited { get; } = [];

        public List<string> SetCookies { get; } = [];

        public async Task<Uri> GoAsync(Uri url)
        {
            while (true)
            {
                url = route?.Invoke(url) ?? url;
                if (url.AbsolutePath.StartsWith("/console", StringComparison.Ordinal))
                {
                    return url;
                }

                Visited.Add(url);
                using var answer = await _http.GetAsync(url, TestTimeout.Token());
                if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
                {
                    SetCookies.AddRange(cookies);
                }

                if (answer.StatusCode != HttpStatusCode.Redirect)
                {
                    return url;
                }

                url = new Uri(url, answer.Headers.Location!);
            }
        }

        public void Dispose() => _http.Dispose();
    }
}
