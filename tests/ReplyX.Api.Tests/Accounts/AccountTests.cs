using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReplyX.Messaging.Accounts;
using ReplyX.Messaging.Archive;

namespace ReplyX.Api.Tests.Accounts;

public sealed class AccountTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task Retention_is_the_archive_s_own()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        var retention = account.Api.Services.GetRequiredService<RetentionSettings>();
        Assert.Equal(account.Id, Text((await account.Api.GetAsync("/api/account", owner)).Is(HttpStatusCode.OK).Json, "name"));

        var changed = (await account.Api.PatchAsync("/api/account", new { name = "Acme", retention_days = 30 }, owner)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("Acme", 30), (Text(changed, "name"), changed.GetProperty("retention_days").GetInt32()));
        Assert.Equal(TimeSpan.FromDays(30), await retention.GetAsync(account.Id, TestTimeout.Token()));

        (await account.Api.PatchAsync("/api/account", new { name = "Acme 2" }, owner)).Is(HttpStatusCode.OK);
        Assert.Equal(TimeSpan.FromDays(30), await retention.GetAsync(account.Id, TestTimeout.Token()));

        var forever = (await account.Api.PatchAsync("/api/account", new { retention_days = (int?)null }, owner)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(JsonValueKind.Null, forever.GetProperty("retention_days").ValueKind);
        Assert.Null(await retention.GetAsync(account.Id, TestTimeout.Token()));
        foreach (var wrong in (object[])[0, -1, 1.5, "30", 36_501, true])
        {
            (await account.Api.PatchAsync("/api/account", new { retention_days = wrong }, owner)).IsProblem(400, "invalid_field");
        }

        (await account.Api.PatchAsync("/api/account", new { }, owner)).IsProblem(400, "invalid_field");
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Every_change_is_in_the_audit_log_and_no_secret_is(RedisKind kind)
    {
        var account = await NewAccountAsync(kind);
        var (api, owner) = (account.Api, await account.OwnerAsync());
        await account.OperatorAsync("Boris");
        List<string> secrets = [TestApi.DemoPassword, "a password for Boris"];

        (await api.PatchAsync("/api/account", new { name = "Acme", retention_days = 30 }, owner)).Is(HttpStatusCode.OK);
        var site = Text((await api.PostAsync("/api/sites", new { name = "Shop" }, owner)).Is(HttpStatusCode.Created).Json, "id");
        (await api.PatchAsync($"/api/sites/{site}", new { welcome = new string('w', 300), name = "Shop 2" }, owner)).Is(HttpStatusCode.OK);
        secrets.Add(Text((await api.PostAsync("/api/site-token/rotate", new { site_id = site }, owner)).Is(HttpStatusCode.OK).Json, "site_token")!);
        (await api.DeleteAsync($"/api/sites/{site}", owner)).Is(HttpStatusCode.NoContent);
        var invited = (await api.PostAsync("/api/invitations", new { role = "operator", name = "Clara" }, owner)).Is(HttpStatusCode.Created).Json;
        secrets.Add(Text(invited, "url")!.Split('#')[1]);
        (await api.PostAsync("/api/invitations/accept", new
        {
            secret = secrets[^1],
            name = "Clara",
            login = account.Login("Clara"),
            password = "a password for Boris",
        })).Is(HttpStatusCode.OK);
        var withdrawn = (await api.PostAsync("/api/invitations", new { role = "owner" }, owner)).Is(HttpStatusCode.Created).Json;
        (await api.DeleteAsync($"/api/invitations/{Text(withdrawn, "id")}", owner)).Is(HttpStatusCode.NoContent);
        var bot = (await api.PostAsync("/api/operators/bots", new { name = "Robot" }, owner)).Is(HttpStatusCode.Created).Json;
        secrets.Add(Text(bot, "key")!);
        secrets.Add(Text((await api.PostAsync($"/api/operators/{Text(bot, "id")}/key", null, owner)).Is(HttpStatusCode.OK).Json, "key")!);
        (await api.DeleteAsync($"/api/operators/{Text(bot, "id")}", owner)).Is(HttpStatusCode.NoContent);
        var boris = await account.SignInAsync("Boris");
        var changed = (await api.PostAsync(
            "/api/operator/password",
            new Dictionary<string, string> { ["current"] = TestApi.DemoPassword, ["new"] = "a password for Boris" },
            boris.Token)).Is(HttpStatusCode.OK);
        (await api.PatchAsync("/api/operators/boris", new { role = "owner", name = "Bob" }, owner)).Is(HttpStatusCode.OK);
        await api.PostAsync("/api/operator/sign-out-everywhere", null, (await account.SignInAsync("Boris", "a password for Boris")).Token);

        var log = (await api.GetAsync("/api/audit?limit=200", owner)).Is(HttpStatusCode.OK);
        Assert.Equal(
        [
            "operator.sign_out_everywhere", "operator.change", "operator.password", "operator.remove", "bot.key", "bot.create",
            "invitation.withdraw", "invitation.create", "operator.join", "invitation.create", "site.delete", "site.token_rotate", "site.change",
            "site.create", "account.change",
        ], log.Items.Select(item => Text(item, "action")));
        Assert.False(log.Json.TryGetProperty("next", out _));

        var role = log.Items[1];
        Assert.Equal("anna", Text(role.GetProperty("actor"), "id"));
        Assert.Equal(("operator", "boris", "Bob"), Target(role));
        Assert.Equal([("name", "Boris", "Bob"), ("role", "operator", "owner")], Details(role));
        Assert.Equal([("name", account.Id, "Acme"), ("retention", "default", "2592000")], Details(log.Items[^1]));
        var welcome = Details(log.Items[12]).Single(detail => detail.Field == "welcome").To!;
        Assert.Equal((200, '…'), (welcome.Length, welcome[^1]));
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, log.Text, StringComparison.Ordinal);
        }

        var hash = (await account.FindAsync("boris"))!.PasswordHash;
        Assert.DoesNotContain(hash[..20], log.Text, StringComparison.Ordinal);
        Assert.NotNull(changed.Session);
    }

    [Fact]
    public async Task The_audit_log_is_read_page_by_page_while_it_grows()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        await RenameAsync(0, 10);

        List<string?> read = [];
        string? next = null;
        do
        {
            var page = (await account.Api.GetAsync($"/api/audit?limit=4{(next is null ? "" : $"&before={next}")}", owner)).Is(HttpStatusCode.OK);
            read.AddRange(page.Items.Select(item => Details(item).Single().To));
            next = page.Json.TryGetProperty("next", out var more) ? more.GetString() : null;
            await RenameAsync(100 + read.Count, 1);
        }
        while (next is not null);

        Assert.Equal(Enumerable.Range(0, 10).Reverse().Select(number => $"name {number}"), read);
        (await account.Api.GetAsync("/api/audit?before=x", owner)).IsProblem(400, "invalid_parameter");
        (await account.Api.GetAsync("/api/audit?limit=201", owner)).IsProblem(400, "invalid_parameter");
        Assert.Empty((await account.Api.GetAsync("/api/audit?before=0.gone", owner)).Is(HttpStatusCode.OK).Items);

        async Task RenameAsync(int first, int count)
        {
            for (var i = first; i < first + count; i++)
            {
                (await account.Api.PatchAsync("/api/account", new { name = $"name {i}" }, owner)).Is(HttpStatusCode.OK);
            }
        }
    }

    [Fact]
    public async Task The_audit_log_is_bounded()
    {
        var account = await NewAccountAsync();
        var owner = await account.OwnerAsync();
        using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync((await RedisAsync()).ConnectionString);
        var key = $"{{{account.Id}}}:audit";
        await redis.GetDatabase().ListRightPushAsync(key, [.. Enumerable.Repeat((StackExchange.Redis.RedisValue)"old", AuditLog.MostEntries)]);

        (await account.Api.PatchAsync("/api/account", new { name = "x" }, owner)).Is(HttpStatusCode.OK);

        Assert.Equal(AuditLog.MostEntries, await redis.GetDatabase().ListLengthAsync(key));
        Assert.NotEqual("old", (string?)await redis.GetDatabase().ListGetByIndexAsync(key, 0));
    }

    private static (string? Kind, string? Id, string? Name) Target(JsonElement entry) => (
        Text(entry.GetProperty("target"), "kind"), Text(entry.GetProperty("target"), "id"), Text(entry.GetProperty("target"), "name"));

    private static List<(string? Field, string? From, string? To)> Details(JsonElement entry) =>
    [
        .. entry.GetProperty("details").EnumerateArray().Select(detail => (Text(detail, "field"), Text(detail, "from"), Text(detail, "to"))),
    ];

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
