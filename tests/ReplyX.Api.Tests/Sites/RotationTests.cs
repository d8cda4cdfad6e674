using System.Net;

namespace ReplyX.Api.Tests.Sites;

public sealed class RotationTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task What_came_by_a_rotated_site_token_is_refused_until_it_comes_by_the_new_one(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var api = account.Api;
        var anna = await account.OwnerAsync();
        var (old, dialog) = (account.SiteToken, await account.OpenSiteAsync());
        await dialog.SendAsync("before", "1");
        (await api.PostAsync($"{dialog.Path}/token", null, dialog.GuestToken)).Is(HttpStatusCode.OK);
        (await api.GetAsync("/api/site/dialogs", dialog.GuestToken)).Is(HttpStatusCode.OK);

        var fresh = (await RotateAsync(account, anna)).Is(HttpStatusCode.OK).Json.GetProperty("site_token").GetString();

        (await dialog.SendAsync("after", "2")).IsProblem(401, "site_token_rotated");
        (await dialog.ReadAsync()).IsProblem(401, "site_token_rotated");
        (await dialog.HandoffAsync("request", dialog.Token)).IsProblem(401, "site_token_rotated");
        (await api.GetAsync($"{dialog.OperatorPath}/handoff/status", dialog.Token)).IsProblem(401, "site_token_rotated");
        (await api.PostAsync($"{dialog.Path}/token", null, dialog.Token)).IsProblem(401, "site_token_rotated");
        (await api.PostAsync($"{dialog.Path}/token", null, dialog.GuestToken)).IsProblem(401, "site_token_rotated");
        (await api.GetAsync("/api/site/dialogs", dialog.GuestToken)).IsProblem(401, "site_token_rotated");
        (await api.PostAsync("/api/site/dialogs", new { site_token = old }, dialog.GuestToken)).IsProblem(401, "site_token_rotated");

        // The same guest with the page's new token finds the same dialog, and nothing was written meanwhile.
        var back = (await api.PostAsync("/api/site/dialogs", new { site_token = fresh }, dialog.GuestToken)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(dialog.Id, back.GetProperty("id").GetInt64());
        var again = dialog with { Token = back.GetProperty("token").GetString()!, GuestToken = back.GetProperty("guest_token").GetString()! };
        foreach (var token in (string[])[again.Token, again.GuestToken])
        {
            var refreshed = (await api.PostAsync($"{dialog.Path}/token", null, token)).Is(HttpStatusCode.OK).Json.GetProperty("token").GetString()!;
            (await (again with { Token = refreshed }).SendAsync("after", "3")).Is(token == again.Token ? HttpStatusCode.Created : HttpStatusCode.OK);
        }

        Assert.Equal(["Welcome!", "before", "after"], (await again.ReadAsync()).Items.Select(item => item.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_widget_comes_by_no_site_token_and_goes_on()
    {
        var account = await NewAccountAsync();
        var anna = await account.OwnerAsync();
        var widget = await account.OpenWidgetAsync();
        await RotateAsync(account, anna);

        (await widget.SendAsync("hi", "1")).Is(HttpStatusCode.Created);
        (await account.Api.PostAsync($"{widget.Path}/token", null, widget.GuestToken)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_widget_s_guest_token_opens_no_site_dialog_and_a_site_s_keeps_doing_so_after_a_widget()
    {
        var account = await NewAccountAsync();
        var widget = await account.OpenWidgetAsync();
        var site = await account.OpenSiteAsync(widget.GuestToken);

        // The first came by no site token; the third was issued by the widget's start for one who had.
        (await account.Api.PostAsync($"{site.Path}/token", null, widget.GuestToken)).IsProblem(401, "site_token_rotated");
        var later = await account.OpenWidgetAsync(site.GuestToken);
        (await account.Api.PostAsync($"{site.Path}/token", null, later.GuestToken)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_the_account_s_own_site_is_rotated_and_concurrent_rotations_all_count()
    {
        var api = await ApiAsync();
        var (account, other) = (await api.NewAccountAsync(), await api.NewAccountAsync());
        var anna = await account.OwnerAsync();
        await api.Accounts.SaveSiteAsync(other.Site with { Id = "theirs", AssistantId = other.Id + "-2" }, TestTimeout.Token());
        var dialog = await account.OpenSiteAsync();

        (await RotateAsync(account, anna, "theirs")).IsProblem(404, "site_not_found");
        (await RotateAsync(account, anna, "")).IsProblem(400, "invalid_field");
        (await RotateAsync(account, dialog.Token)).IsProblem(401, "token_invalid");
        (await RotateAsync(account, await account.OperatorAsync("Boris"))).IsProblem(403, "owners_only");

        var tokens = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RotateAsync(account, anna)));
        Assert.Equal(8, tokens.Select(answer => answer.Is(HttpStatusCode.OK).Text).Distinct().Count());
        Assert.Equal(9, (await api.Accounts.FindSiteAsync(account.Id, "shop", TestTimeout.Token()))!.TokenVersion);
    }

    private static Task<Answer> RotateAsync(TestAccount account, string token, string site = "shop") =>
        account.Api.PostAsync("/api/site-token/rotate", new { site_id = site }, token);
}
