using System.Net;
using System.Net.Http.Json;

namespace ReplyX.Api.Tests.Cors;

public sealed class VisitorCorsTests(SharedServers servers) : ApiTest(servers)
{
    private const string Listed = "https://www.shop.example";
    private const string Foreign = "https://evil.example";
    private const string ChatHost = "https://chat.example.com";

    [Fact]
    public async Task A_site_that_uses_the_library_directly_reads_every_answer_to_its_visitors()
    {
        var account = await NewAccountAsync(direct: true);
        var started = await StartAsync(account, Listed);
        IsReadable(started.Is(HttpStatusCode.Created), Listed);
        Assert.Equal(["Retry-After"], started.Headers.GetValues("Access-Control-Expose-Headers"));
        Assert.False(started.Headers.Contains("Access-Control-Allow-Credentials"));
        var (path, token) = PathOf(started);

        IsReadable(await SendAsync(account.Api, HttpMethod.Get, $"{path}/messages", Listed, token), Listed);
        IsReadable(await SendAsync(account.Api, HttpMethod.Post, $"{path}/messages", Listed, token, new { text = "hello", client_id = "1" }), Listed);
        IsReadable(await SendAsync(account.Api, HttpMethod.Put, $"{path}/visitor", Listed, token, new { name = "Ann" }), Listed);
        IsReadable(await SendAsync(account.Api, HttpMethod.Post, $"{path}/token", Listed, started.Json.GetProperty("guest_token").GetString()), Listed);
        IsReadable(await SendAsync(account.Api, HttpMethod.Post, $"/api/dialogs/{IdOf(started)}/handoff/request", Listed, token), Listed);

        // Errors too, or the library could not tell one from an outage.
        IsReadable((await SendAsync(account.Api, HttpMethod.Post, $"{path}/messages", Listed, token, new { text = "" })).IsProblem(400, "invalid_field"), Listed);
        IsReadable((await SendAsync(account.Api, HttpMethod.Get, "/api/widget/dialogs/7/messages", Listed, token)).IsProblem(404, "dialog_not_found"), Listed);
        IsReadable((await SendAsync(account.Api, HttpMethod.Get, $"{path}/messages", Listed, "forged")).IsProblem(401, "token_invalid"), Listed);
    }

    [Fact]
    public async Task A_foreign_page_reads_nothing()
    {
        var direct = await NewAccountAsync(direct: true);
        var closed = await NewAccountAsync(direct: false);
        var (path, token) = PathOf(await StartAsync(direct, Listed));
        var (closedPath, closedToken) = PathOf(await StartAsync(closed, Listed));
        foreach (var origin in (string[])[Foreign, "null", "https://shop.example", "http://www.shop.example", "https://www.shop.example.evil.example", "https://*.shop.example", ""])
        {
            IsUnreadable(await StartAsync(direct, origin));
            IsUnreadable(await SendAsync(direct.Api, HttpMethod.Get, $"{path}/messages", origin, token));
        }

        // Its own pages embed the chat; they do not speak for it.
        IsUnreadable(await StartAsync(closed, Listed));
        IsUnreadable(await SendAsync(closed.Api, HttpMethod.Get, $"{closedPath}/messages", Listed, closedToken));
        IsUnreadable(await SendAsync(direct.Api, HttpMethod.Get, $"{closedPath}/messages", Listed, closedToken));
        var nobodys = await SendAsync(direct.Api, HttpMethod.Post, "/api/widget/dialogs", Listed, body: new { assistant_id = "nobody" });
        IsUnreadable(nobodys.IsProblem(404, "assistant_not_found"));
    }

    [Fact]
    public async Task Our_own_pages_read_the_answers_of_every_site()
    {
        await using var api = await StartApiAsync(("Origins:ChatHosts:0", ChatHost));
        var account = await api.NewAccountAsync();

        IsReadable(await StartAsync(account, ChatHost), ChatHost);
        IsReadable(await SendAsync(api, HttpMethod.Post, "/api/widget/dialogs", ChatHost, body: new { assistant_id = "nobody" }), ChatHost);
        IsUnreadable(await StartAsync(account, Foreign));
    }

    [Theory]
    [InlineData("/api/widget/dialogs")]
    [InlineData("/api/site/dialogs")]
    [InlineData("/api/widget/dialogs/7/page")]
    [InlineData("/api/dialogs/7/handoff/request")]
    public async Task A_preflight_is_told_what_the_request_needs_and_no_more(string path)
    {
        var answer = await PreflightAsync(await ApiAsync(), path, Foreign);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        IsReadable(answer, Foreign);
        Assert.Equal("GET, POST, PUT", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Equal("Authorization, Content-Type, traceparent", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal("600", Assert.Single(answer.Headers.GetValues("Access-Control-Max-Age")));
    }

    [Theory]
    [InlineData("/api/widget/dialogs", "null")]
    [InlineData("/api/widget/dialogs", "https://*.example.com")]
    [InlineData("/api/widget/dialogs", "https://a.example/path")]
    [InlineData("/api/dialogs", Foreign)]
    [InlineData("/api/dialogs/7", Foreign)]
    [InlineData("/api/dialogs/7/handoff/takeover", Foreign)]
    [InlineData("/api/operator/sign-in", Foreign)]
    [InlineData("/api/site-token", Foreign)]
    [InlineData("/api/widget/dialogsx", Foreign)]
    public async Task Nothing_else_is_opened(string path, string origin)
    {
        var api = await ApiAsync();
        IsUnreadable(await PreflightAsync(api, path, origin));
        if (origin == Foreign)
        {
            IsUnreadable(await SendAsync(api, HttpMethod.Get, path, origin));
        }
    }

    [Fact]
    public async Task Preflights_count_for_their_address()
    {
        await using var api = await StartApiAsync(("Limits:Address:Burst", "3"), ("Limits:Address:PerMinute", "1"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await PreflightAsync(api, "/api/widget/dialogs", Foreign)).Status);
        }

        (await PreflightAsync(api, "/api/widget/dialogs", Foreign)).IsProblem(429, "rate_limited");
    }

    private static void IsReadable(Answer answer, string origin)
    {
        Assert.True(answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed), answer.ToString());
        Assert.Equal([origin], allowed);
        Assert.Contains("Origin", answer.Headers.Vary);
    }

    private static void IsUnreadable(Answer answer) => Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"), answer.ToString());

    private async Task<TestAccount> NewAccountAsync(bool direct)
    {
        var account = await base.NewAccountAsync();
        await account.Api.Accounts.SaveSiteAsync(
            account.Site with { DirectClient = direct, Origins = ["https://*.shop.example"] }, TestTimeout.Token());
        return account;
    }

    private static Task<Answer> StartAsync(TestAccount account, string origin) =>
        SendAsync(account.Api, HttpMethod.Post, "/api/widget/dialogs", origin, body: new { assistant_id = account.Site.AssistantId });

    private static long IdOf(Answer started) => started.Json.GetProperty("id").GetInt64();

    private static (string Path, string Token) PathOf(Answer started) =>
        ($"/api/widget/dialogs/{IdOf(started)}", started.Json.GetProperty("token").GetString()!);

    private static Task<Answer> PreflightAsync(TestApi api, string path, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "authorization,content-type");
        return api.SendAsync(request);
    }

    private static Task<Answer> SendAsync(
        TestApi api, HttpMethod method, string path, string origin, string? token = null, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return api.SendAsync(request, token);
    }
}
