using System.Net;
using System.Text.Json;

namespace ReplyX.Api.Tests.Sites;

public sealed class ManagingTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_new_site_starts_dialogs_until_it_is_deleted(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var (api, owner) = (account.Api, await account.OwnerAsync());
        var made = (await api.PostAsync("/api/sites", new
        {
            name = " The other shop ",
            welcome = "Hello!",
            origins = (string[])["HTTPS://Shop.Example", "https://shop.example:443", "https://*.shop.example", "http://localhost:3000"],
            look = new { color = "#0F766E", launcher_text = "Chat" },
        }, owner)).Is(HttpStatusCode.Created).Json;
        var id = Text(made, "id");
        Assert.Equal("The other shop", Text(made, "name"));
        Assert.Equal(
            ["https://shop.example", "https://*.shop.example", "http://localhost:3000"],
            made.GetProperty("origins").EnumerateArray().Select(origin => origin.GetString()));
        var look = made.GetProperty("look");
        Assert.Equal(("#0f766e", "Chat", "right", "auto"), (Text(look, "color"), Text(look, "launcher_text"), Text(look, "position"), Text(look, "locale")));

        var token = Text((await api.PostAsync("/api/site-token", new { site_id = id }, owner)).Is(HttpStatusCode.OK).Json, "site_token");
        var bySite = (await api.PostAsync("/api/site/dialogs", new { site_token = token })).Is(HttpStatusCode.Created).Json;
        var byAssistant = (await api.PostAsync("/api/widget/dialogs", new { assistant_id = Text(made, "assistant_id") })).Is(HttpStatusCode.Created).Json;
        Assert.Equal(2, (await api.GetAsync("/api/sites", owner)).Items.Count);

        // Whether an assistant answers, for who shows that one does.
        Assert.False(made.GetProperty("assistant_enabled").GetBoolean());
        await account.EnableAssistantAsync();
        var sites = (await api.GetAsync("/api/sites", owner)).Items.ToDictionary(site => Text(site, "id")!, site => site.GetProperty("assistant_enabled").GetBoolean());
        Assert.Equal((true, false), (sites["shop"], sites[id!]));
        Assert.True((await api.GetAsync("/api/sites/shop", owner)).Json.GetProperty("assistant_enabled").GetBoolean());

        var changed = (await api.PatchAsync($"/api/sites/{id}", new { welcome = "", look = new { theme = "dark", position = "left" } }, owner)).Is(HttpStatusCode.OK).Json;
        look = changed.GetProperty("look");
        Assert.Equal(("The other shop", "", "#0f766e", "dark", "left"), (
            Text(changed, "name"), Text(changed, "welcome"), Text(look, "color"), Text(look, "theme"), Text(look, "position")));

        (await api.DeleteAsync($"/api/sites/{id}", owner)).Is(HttpStatusCode.NoContent);

        (await api.PostAsync("/api/site/dialogs", new { site_token = token })).IsProblem(401, "site_token_invalid");
        (await api.PostAsync("/api/widget/dialogs", new { assistant_id = Text(made, "assistant_id") })).IsProblem(404, "assistant_not_found");
        (await SendAsync(api, "site", bySite)).IsProblem(401, "site_token_invalid");
        (await api.GetAsync($"/api/sites/{id}", owner)).IsProblem(404, "site_not_found");
        (await api.DeleteAsync($"/api/sites/{id}", owner)).IsProblem(404, "site_not_found");
        (await api.PatchAsync($"/api/sites/{id}", new { name = "x" }, owner)).IsProblem(404, "site_not_found");

        // Widgets' sites are asked for once a second.
        Answer sent;
        do
        {
            sent = await SendAsync(api, "widget", byAssistant);
        }
        while (sent.Status is HttpStatusCode.Created or HttpStatusCode.OK);
        sent.IsProblem(404, "assistant_not_found");
    }

    [Fact]
    public async Task What_a_site_may_not_have_is_named()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        foreach (var (body, field) in ((object, string)[])
        [
            (new { welcome = "x" }, "name"),
            (new { name = new string('x', 101) }, "name"),
            (new { name = "x", welcome = new string('x', 2_001) }, "welcome"),
            (new { name = "x", origins = (string[])["shop.example"] }, "origins"),
            (new { name = "x", origins = (string[])["https://shop.example/path"] }, "origins"),
            (new { name = "x", origins = (string[])["https://user@shop.example"] }, "origins"),
            (new { name = "x", origins = (string[])["ftp://shop.example"] }, "origins"),
            (new { name = "x", origins = (string[])["https://*"] }, "origins"),
            (new { name = "x", origins = (string[])["https://*.127.0.0.1"] }, "origins"),
            (new { name = "x", origins = (string[])["https://-.example"] }, "origins"),
            (new { name = "x", origins = (string[])["https://a.example; script-src *"] }, "origins"),
            (new { name = "x", origins = Enumerable.Range(0, 51).Select(i => $"https://a{i}.example") }, "origins"),
            (new { name = "x", look = new { color = "red" } }, "look.color"),
            (new { name = "x", look = new { color = "#0f766e;" } }, "look.color"),
            (new { name = "x", look = new { title = new string('x', 61) } }, "look.title"),
            (new { name = "x", look = new { subtitle = new string('x', 121) } }, "look.subtitle"),
            (new { name = "x", look = new { launcher_text = new string('x', 41) } }, "look.launcher_text"),
        ])
        {
            var problem = (await account.Api.PostAsync("/api/sites", body, owner)).IsProblem(400, "invalid_field");
            Assert.Equal(field, Text(problem.Json, "field"));
        }

        (await account.Api.PostAsync("/api/sites", new { name = "x", look = new { theme = "pink" } }, owner)).IsProblem(400, "invalid_json");
    }

    [Fact]
    public async Task Another_account_s_site_is_not_there()
    {
        var account = await NewAccountAsync();
        var other = await account.Api.NewAccountAsync();
        var id = Text((await account.Api.PostAsync("/api/sites", new { name = "x" }, await account.OwnerAsync())).Json, "id");
        var stranger = await other.OwnerAsync();

        (await account.Api.GetAsync($"/api/sites/{id}", stranger)).IsProblem(404, "site_not_found");
        (await account.Api.PatchAsync($"/api/sites/{id}", new { name = "y" }, stranger)).IsProblem(404, "site_not_found");
        (await account.Api.DeleteAsync($"/api/sites/{id}", stranger)).IsProblem(404, "site_not_found");
    }

    private static Task<Answer> SendAsync(TestApi api, string mode, JsonElement dialog) => api.PostAsync(
        $"/api/{mode}/dialogs/{dialog.GetProperty("id").GetInt64()}/messages", new { text = "hi", client_id = "1" }, Text(dialog, "token"));

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
