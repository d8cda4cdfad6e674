using System.Net;

namespace ReplyX.Api.Tests.Sites;

public sealed class SiteTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task An_operator_gets_the_token_of_the_account_s_own_site()
    {
        var api = await ApiAsync();
        var (account, other) = (await api.NewAccountAsync(), await api.NewAccountAsync());
        await api.Accounts.SaveSiteAsync(other.Site with { Id = "theirs", AssistantId = other.Id + "-2" }, TestTimeout.Token());
        var anna = await account.OperatorAsync();

        var token = (await api.PostAsync("/api/site-token", new { site_id = "shop" }, anna)).Is(HttpStatusCode.OK).Json.GetProperty("site_token").GetString();
        var started = (await api.PostAsync("/api/site/dialogs", new { site_token = token })).Is(HttpStatusCode.Created);
        Assert.Equal("site", started.Json.GetProperty("mode").GetString());

        (await api.PostAsync("/api/site-token", new { site_id = "theirs" }, anna)).IsProblem(404, "site_not_found");
        (await api.PostAsync("/api/site-token", new { }, anna)).IsProblem(400, "invalid_field");
        (await api.PostAsync("/api/site-token", new { site_id = "shop" })).IsProblem(401, "token_missing");
    }

    [Fact]
    public async Task The_embed_code_is_html_that_quotes_what_it_holds()
    {
        await using var api = await StartApiAsync(("Sites:PublicUrl", "https://chat.example/a\"b&c/"));
        var account = await api.NewAccountAsync();
        var anna = await account.OperatorAsync();

        var html = (await api.GetAsync("/api/embed-code?site_id=shop", anna)).Is(HttpStatusCode.OK).Json.GetProperty("html").GetString()!;
        Assert.Matches("^<script async src=\"[^\"<>]+\" data-site-token=\"[^\"<>]+\"></script>$", html);
        Assert.Contains("src=\"https://chat.example/a%22b&amp;c/widget.js\"", html, StringComparison.Ordinal);
        Assert.Contains(account.SiteToken.Split('.')[0], html, StringComparison.Ordinal);

        (await api.GetAsync("/api/embed-code?site_id=none", anna)).IsProblem(404, "site_not_found");
        (await api.GetAsync("/api/embed-code", anna)).IsProblem(400, "invalid_parameter");
    }

    [Fact]
    public async Task The_embed_code_names_the_service_as_it_was_reached()
    {
        var account = await NewAccountAsync();
        var html = (await account.Api.GetAsync("/api/embed-code?site_id=shop", await account.OperatorAsync())).Json.GetProperty("html").GetString()!;
        Assert.Contains($"src=\"{account.Api.Root.AbsoluteUri}widget.js\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_token_is_checked_without_starting_anything()
    {
        var account = await NewAccountAsync();
        var token = account.SiteToken;

        var good = await ValidateAsync(account, token);
        Assert.True(good.GetProperty("valid").GetBoolean());
        Assert.Equal("shop", good.GetProperty("site").GetProperty("id").GetString());
        Assert.Equal("The shop", good.GetProperty("site").GetProperty("name").GetString());
        Assert.False(good.TryGetProperty("reason", out _));

        await account.Api.Accounts.SaveSiteAsync(account.Site with { TokenVersion = 2 }, TestTimeout.Token());
        var dialog = await account.OpenWidgetAsync();
        foreach (var (bad, reason) in new[] { (token, "rotated"), ("nonsense", "invalid"), (dialog.Token, "invalid"), (dialog.GuestToken, "invalid") })
        {
            var answer = await ValidateAsync(account, bad);
            Assert.False(answer.GetProperty("valid").GetBoolean());
            Assert.Equal(reason, answer.GetProperty("reason").GetString());
            Assert.False(answer.TryGetProperty("site", out _));
        }
    }

    private static async Task<System.Text.Json.JsonElement> ValidateAsync(TestAccount account, string token) =>
        (await account.Api.PostAsync("/api/validate-widget-token", new { token })).Is(HttpStatusCode.OK).Json;
}
