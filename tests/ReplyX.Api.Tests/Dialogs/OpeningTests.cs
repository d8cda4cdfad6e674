using System.Net;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Tests.Dialogs;

public sealed class OpeningTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData("widget", RedisKind.Redis)]
    [InlineData("site", RedisKind.Redis)]
    [InlineData("widget", RedisKind.Garnet)]
    [InlineData("site", RedisKind.Garnet)]
    public async Task A_visitor_without_a_token_becomes_a_guest_with_a_new_dialog(string mode, RedisKind kind)
    {
        var account = await NewAccountAsync(kind);

        var dialog = mode == "site" ? await account.OpenSiteAsync() : await account.OpenWidgetAsync();

        var answer = dialog.Answer.Is(HttpStatusCode.Created);
        Assert.Equal($"/api/{mode}/dialogs/{dialog.Id}/messages", answer.Headers.Location!.OriginalString);
        Assert.Equal(mode, answer.Json.GetProperty("mode").GetString());
        Assert.Equal("none", answer.Json.GetProperty("handoff").GetString());
        Assert.Equal($"ws://localhost:5090/ws/{mode}/dialogs/{dialog.Id}", answer.Json.GetProperty("realtime_url").GetString());
        Assert.InRange(dialog.Id, 1, (1L << 53) - 1);
        Assert.True(answer.Json.GetProperty("token_expires_at").GetDateTimeOffset() > DateTimeOffset.UtcNow);

        var history = await dialog.ReadAsync();
        Assert.Equal("Welcome!", Assert.Single(history.Items).GetProperty("text").GetString());
        Assert.Equal("assistant", history.Items[0].GetProperty("sender").GetString());
        Assert.Equal(history.Json.GetProperty("cursor").GetString(), answer.Json.GetProperty("cursor").GetString());
    }

    [Fact]
    public async Task A_guest_who_returns_finds_the_dialog_and_is_not_welcomed_again()
    {
        var account = await NewAccountAsync();
        var first = await account.OpenWidgetAsync();

        var second = await account.OpenWidgetAsync(first.GuestToken);

        second.Answer.Is(HttpStatusCode.OK);
        Assert.Equal(first.Id, second.Id);
        Assert.Single((await second.ReadAsync()).Items);
    }

    [Fact]
    public async Task Sixteen_calls_at_once_make_one_dialog()
    {
        var account = await NewAccountAsync();
        var guest = account.Api.Tokens.Issue(new GuestClaims(account.Id, account.Site.Id, Guid.NewGuid().ToString("N"))).Token;

        var opened = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => account.OpenWidgetAsync(guest)));

        Assert.Single(opened.Select(dialog => dialog.Id).Distinct());
        Assert.Single(opened, dialog => dialog.Answer.Status == HttpStatusCode.Created);
        Assert.Single((await opened[0].ReadAsync()).Items);
    }

    [Fact]
    public async Task Widget_and_site_are_two_dialogs_of_one_guest()
    {
        var account = await NewAccountAsync();
        var widget = await account.OpenWidgetAsync();
        var site = await account.OpenSiteAsync(widget.GuestToken);

        Assert.NotEqual(widget.Id, site.Id);
        foreach (var dialog in (TestDialog[])[widget, site])
        {
            var own = await account.Api.GetAsync($"/api/{dialog.Mode}/dialogs", dialog.GuestToken);
            Assert.Equal(dialog.Id, Assert.Single(own.Items).GetProperty("id").GetInt64());
        }
    }

    [Fact]
    public async Task What_is_named_has_to_exist()
    {
        var api = await ApiAsync();
        (await api.PostAsync("/api/widget/dialogs", new { assistant_id = "nobody" })).IsProblem(404, "assistant_not_found");
        (await api.PostAsync("/api/widget/dialogs", new { assistant_id = "" })).IsProblem(400, "invalid_field");
        (await api.PostAsync("/api/widget/dialogs", new { })).IsProblem(400, "invalid_field");
        (await api.PostAsync("/api/site/dialogs", new { site_token = "x.y.z" })).IsProblem(401, "site_token_invalid");
        (await api.PostAsync("/api/site/dialogs", new { assistant_id = "demo" })).IsProblem(400, "invalid_field");
    }

    [Fact]
    public async Task A_rotated_site_token_starts_nothing()
    {
        var account = await NewAccountAsync();
        var old = account.SiteToken;
        await account.Api.Accounts.SaveSiteAsync(account.Site with { TokenVersion = 2 }, TestTimeout.Token());

        (await account.Api.PostAsync("/api/site/dialogs", new { site_token = old })).IsProblem(401, "site_token_rotated");
    }

    [Fact]
    public async Task A_guest_token_that_is_not_good_here_is_refused_not_replaced()
    {
        var api = await ApiAsync();
        var (here, elsewhere) = (await api.NewAccountAsync(), await api.NewAccountAsync());
        var foreign = await elsewhere.OpenWidgetAsync();
        var past = new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(-2));
        var expired = TestApi.TokensAt(past).Issue(new GuestClaims(here.Id, here.Site.Id, "g1")).Token;
        var body = new { assistant_id = here.Site.AssistantId };

        (await api.PostAsync("/api/widget/dialogs", body, foreign.GuestToken)).IsProblem(401, "token_invalid");
        (await api.PostAsync("/api/widget/dialogs", body, foreign.Token)).IsProblem(401, "token_invalid");
        (await api.PostAsync("/api/widget/dialogs", body, "nonsense")).IsProblem(401, "token_invalid");
        (await api.PostAsync("/api/widget/dialogs", body, expired)).IsProblem(401, "token_expired");
    }

    [Fact]
    public async Task A_dialog_token_is_refreshed_with_the_guest_token_or_with_itself()
    {
        var account = await NewAccountAsync();
        var (dialog, stranger) = (await account.OpenWidgetAsync(), await account.OpenWidgetAsync());

        foreach (var token in (string[])[dialog.GuestToken, dialog.Token])
        {
            var fresh = (await account.Api.PostAsync($"{dialog.Path}/token", null, token)).Is(HttpStatusCode.OK);
            (await account.Api.GetAsync($"{dialog.Path}/messages", fresh.Json.GetProperty("token").GetString())).Is(HttpStatusCode.OK);
            Assert.True(fresh.Json.GetProperty("token_expires_at").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        }

        (await account.Api.PostAsync($"{dialog.Path}/token", null, stranger.GuestToken)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"{dialog.Path}/token", null, stranger.Token)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"/api/site/dialogs/{dialog.Id}/token", null, dialog.GuestToken)).IsProblem(404, "dialog_not_found");
        (await account.Api.PostAsync($"{dialog.Path}/token", null)).IsProblem(401, "token_missing");
    }
}
