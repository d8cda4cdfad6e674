using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Tests.Operators;

public sealed class SessionTests(SharedServers servers) : ApiTest(servers)
{
    private const string Refresh = "/api/operator/refresh";
    private static readonly (string, string) _ourPage = ("X-ReplyX-Request", "1");
    private static readonly (string, string) _sameOrigin = ("Sec-Fetch-Site", "same-origin");

    [Fact]
    public async Task A_sign_in_sets_a_cookie_that_only_our_pages_can_use()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();

        var signedIn = await account.SignInAsync();

        var attributes = signedIn.SessionCookie!.Split("; ")[1..].Select(attribute => attribute.ToLowerInvariant()).Order();
        Assert.Equal(["httponly", "max-age=2592000", "path=/api/operator", "samesite=strict"], attributes);
        Assert.DoesNotContain(signedIn.Session!, signedIn.Text, StringComparison.Ordinal);

        var refreshed = (await account.Api.PostWithCookieAsync(Refresh, signedIn.Session!, _ourPage, _sameOrigin)).Is(HttpStatusCode.OK);
        Assert.Equal(signedIn.Session, refreshed.Session);
        Assert.Equal("anna", refreshed.Json.GetProperty("operator").GetProperty("id").GetString());
        (await account.Api.GetAsync("/api/operator/me", refreshed.Token)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Over_https_the_cookie_is_secure()
    {
        await using var api = await StartApiAsync(("Proxies:Trusted:0", "127.0.0.1/32"));
        var account = await api.NewAccountAsync();
        await account.OperatorAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/operator/sign-in")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { login = account.Login("Anna"), password = TestApi.DemoPassword }),
        };
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        request.Headers.Add("X-Forwarded-Proto", "https");

        Assert.Contains("; secure", (await api.SendAsync(request)).SessionCookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null, "same-origin", null, false)]
    [InlineData("0", "same-origin", null, false)]
    [InlineData("1", "same-site", null, false)]
    [InlineData("1", "cross-site", null, false)]
    [InlineData("1", "none", null, false)]
    [InlineData("1", "cross-site", "ours", false)]
    [InlineData("1", null, null, false)]
    [InlineData("1", null, "null", false)]
    [InlineData("1", null, "https://evil.example", false)]
    [InlineData("1", null, "http://127.0.0.1:1", false)]
    [InlineData("1", null, "ours", true)]
    [InlineData("1", "same-origin", "ours", true)]
    public async Task A_cookie_counts_only_from_a_page_of_ours(string? header, string? site, string? origin, bool counts)
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();
        var session = (await account.SignInAsync()).Session!;
        List<(string, string)> headers = [];
        Add("X-ReplyX-Request", header);
        Add("Sec-Fetch-Site", site);
        Add("Origin", origin == "ours" ? account.Api.Root.GetLeftPart(UriPartial.Authority) : origin);

        foreach (var path in (string[])[Refresh, "/api/operator/sign-out"])
        {
            var answer = await account.Api.PostWithCookieAsync(path, session, [.. headers]);
            if (counts)
            {
                Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NoContent, answer.ToString());
            }
            else
            {
                answer.IsProblem(403, "cross_site");
                Assert.Null(answer.SessionCookie);
            }
        }

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add((name, value));
            }
        }
    }

    [Fact]
    public async Task Signing_out_ends_this_session_and_no_other()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();
        var (first, second) = ((await account.SignInAsync()).Session!, (await account.SignInAsync()).Session!);

        var signedOut = (await account.Api.PostWithCookieAsync("/api/operator/sign-out", first, _ourPage, _sameOrigin)).Is(HttpStatusCode.NoContent);

        Assert.Equal("", signedOut.Session);

        // Its cookie is left: in the browser a newer session's may stand there by now.
        var gone = (await account.Api.PostWithCookieAsync(Refresh, first, _ourPage, _sameOrigin)).IsProblem(401, "session_ended");
        Assert.Null(gone.Session);
        (await account.Api.PostWithCookieAsync(Refresh, second, _ourPage, _sameOrigin)).Is(HttpStatusCode.OK);
        (await account.Api.PostWithCookieAsync(Refresh, "nonsense", _ourPage, _sameOrigin)).IsProblem(401, "session_ended");
        (await account.Api.PostAsync(Refresh, null)).IsProblem(401, "token_missing");
        (await account.Api.PostAsync("/api/operator/sign-out", null)).IsProblem(401, "token_missing");
    }

    [Fact]
    public async Task A_token_is_refreshed_while_its_session_lives_and_no_longer()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();
        var (browser, program) = (await account.SignInAsync(), await account.SignInAsync());
        var copied = (await account.Api.PostAsync(Refresh, null, browser.Token)).Is(HttpStatusCode.OK).Token;

        (await account.Api.PostWithCookieAsync("/api/operator/sign-out", browser.Session!, _ourPage, _sameOrigin)).Is(HttpStatusCode.NoContent);
        (await account.Api.PostAsync(Refresh, null, copied)).IsProblem(401, "session_ended");

        // Who has a token and no cookie ends the token's.
        (await account.Api.PostAsync(Refresh, null, program.Token)).Is(HttpStatusCode.OK);
        var listed = Assert.Single((await account.Api.GetAsync("/api/operator/sessions", program.Token)).Is(HttpStatusCode.OK).Items);
        Assert.NotEqual(listed.GetProperty("created_at").GetDateTimeOffset(), listed.GetProperty("used_at").GetDateTimeOffset());
        (await account.Api.PostAsync("/api/operator/sign-out", null, program.Token)).Is(HttpStatusCode.NoContent);
        (await account.Api.PostAsync(Refresh, null, program.Token)).IsProblem(401, "session_ended");
        Assert.Empty(await SessionsAsync(account));
    }

    [Fact]
    public async Task Signing_out_everywhere_voids_tokens_sessions_and_devices()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();
        await account.OperatorAsync("Boris");
        var (first, second, other) = (await account.SignInAsync(), await account.SignInAsync(), await account.SignInAsync("Boris"));

        (await account.Api.PostAsync("/api/operator/sign-out-everywhere", null, first.Token)).Is(HttpStatusCode.NoContent);

        foreach (var signedIn in (Answer[])[first, second])
        {
            (await account.Api.GetAsync("/api/operator/me", signedIn.Token)).IsProblem(401, "token_revoked");
            (await account.Api.PostAsync(Refresh, null, signedIn.Token)).IsProblem(401, "token_revoked");
            (await account.Api.PostWithCookieAsync(Refresh, signedIn.Session!, _ourPage, _sameOrigin)).IsProblem(401, "session_ended");
        }

        (await account.Api.GetAsync("/api/operator/me", other.Token)).Is(HttpStatusCode.OK);

        // The device is unknown now: it gets an id anew.
        var device = first.Json.GetProperty("device_token").GetString();
        var again = await account.SignInAsync(deviceToken: device);
        var before = (await account.Api.Tokens.CheckDeviceAsync(device)).Claims!;
        var now = (await account.Api.Tokens.CheckDeviceAsync(again.Json.GetProperty("device_token").GetString())).Claims!;
        Assert.NotEqual(before.DeviceId, now.DeviceId);
        (await account.Api.GetAsync("/api/operator/me", again.Token)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_new_password_voids_all_but_what_it_answers_with()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();
        var (first, second) = (await account.SignInAsync(), await account.SignInAsync());

        var changed = (await ChangeAsync(TestApi.DemoPassword, "another password", first.Token)).Is(HttpStatusCode.OK);

        (await account.Api.GetAsync("/api/operator/me", changed.Token)).Is(HttpStatusCode.OK);
        (await account.Api.PostWithCookieAsync(Refresh, changed.Session!, _ourPage, _sameOrigin)).Is(HttpStatusCode.OK);
        foreach (var signedIn in (Answer[])[first, second])
        {
            (await account.Api.GetAsync("/api/operator/me", signedIn.Token)).IsProblem(401, "token_revoked");
            (await account.Api.PostWithCookieAsync(Refresh, signedIn.Session!, _ourPage, _sameOrigin)).IsProblem(401, "session_ended");
        }

        (await account.Api.PostAsync("/api/operator/sign-in", new { login = account.Login("Anna"), password = TestApi.DemoPassword }))
            .IsProblem(401, "sign_in_failed");
        await account.SignInAsync(password: "another password");
        (await ChangeAsync("wrong password", "a third password", changed.Token)).IsProblem(403, "password_wrong");
        (await ChangeAsync("another password", "short", changed.Token)).IsProblem(400, "invalid_field");
        (await ChangeAsync("another password", account.Login("Anna").ToUpperInvariant(), changed.Token)).IsProblem(400, "invalid_field");
        (await ChangeAsync("another password", new string('x', 257), changed.Token)).IsProblem(400, "invalid_field");

        Task<Answer> ChangeAsync(string current, string next, string token) =>
            account.Api.PostAsync("/api/operator/password", new Dictionary<string, string> { ["current"] = current, ["new"] = next }, token);
    }

    [Fact]
    public async Task Wrong_current_passwords_count_as_wrong_sign_ins_do()
    {
        await using var api = await StartApiAsync(("Limits:SignIn:Burst", "2"), ("Limits:SignIn:PerMinute", "1"));
        var account = await api.NewAccountAsync();
        var token = await account.OperatorAsync();
        var guess = new Dictionary<string, string> { ["current"] = "a guess at it", ["new"] = "a new password" };
        for (var i = 0; i < 2; i++)
        {
            (await api.PostAsync("/api/operator/password", guess, token)).IsProblem(403, "password_wrong");
        }

        (await api.PostAsync("/api/operator/password", guess, token)).IsProblem(429, "rate_limited");
    }

    [Fact]
    public async Task The_session_is_stored_hashed_with_its_device()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/operator/sign-in")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { login = account.Login("Anna"), password = TestApi.DemoPassword }),
        };
        request.Headers.TryAddWithoutValidation(
            "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36");
        var session = (await account.Api.SendAsync(request)).Session!;

        using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync((await RedisAsync()).ConnectionString);
        var stored = await redis.GetDatabase().HashGetAllAsync($"{{{account.Id}}}:operator:anna:sessions");
        var entry = Assert.Single(stored);
        Assert.DoesNotContain(session.Split('.')[^1], entry.ToString(), StringComparison.Ordinal);
        Assert.Equal("Chrome, Linux", Assert.Single(await SessionsAsync(account)).Device);
    }

    [Fact]
    public async Task Programs_that_sign_in_again_and_again_do_not_push_a_browser_out()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();
        var browser = (await account.SignInAsync()).Session!;
        (await account.Api.PostWithCookieAsync(Refresh, browser, _ourPage, _sameOrigin)).Is(HttpStatusCode.OK);

        var person = (await account.FindAsync("anna"))!;
        var sessions = account.Api.Services.GetRequiredService<OperatorSessions>();
        for (var i = 0; i < OperatorSessions.MostSessions + 5; i++)
        {
            Assert.NotNull(await sessions.BeginAsync(person, "a program", TestTimeout.Token()));
        }

        Assert.Equal(OperatorSessions.MostSessions, (await SessionsAsync(account)).Count);
        (await account.Api.PostWithCookieAsync(Refresh, browser, _ourPage, _sameOrigin)).Is(HttpStatusCode.OK);
    }

    private static Task<IReadOnlyList<OperatorSession>> SessionsAsync(TestAccount account) =>
        account.Api.Services.GetRequiredService<OperatorSessions>().ListAsync(account.Id, "anna", TestTimeout.Token());
}
