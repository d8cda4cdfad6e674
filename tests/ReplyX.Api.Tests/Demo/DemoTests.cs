using System.Net;
using ReplyX.Api.Demo;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_account_is_there_and_stays_through_restarts()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        long dialog;
        await using (var api = await TestApi.StartAsync(redis.ConnectionString))
        {
            var started = (await api.PostAsync("/api/widget/dialogs", new { assistant_id = "demo" })).Is(HttpStatusCode.Created);
            dialog = started.Json.GetProperty("id").GetInt64();
            (await api.PostAsync($"/api/widget/dialogs/{dialog}/messages", new { text = "hi", client_id = "1" }, started.Json.GetProperty("token").GetString())).Is(HttpStatusCode.Created);
            foreach (var login in (string[])["anna@demo.replyx.dev", "boris@demo.replyx.dev"])
            {
                (await api.PostAsync("/api/operator/sign-in", new { login, password = TestApi.DemoPassword })).Is(HttpStatusCode.OK);
            }

            var roles = (await api.Accounts.ListOperatorsAsync("demo", TestTimeout.Token())).ToDictionary(person => person.Id, person => person.Role);
            Assert.Equal((OperatorRole.Owner, OperatorRole.Operator), (roles["anna"], roles["boris"]));

            await api.Accounts.SaveSiteAsync(DemoAccount.Site with { TokenVersion = 7, Welcome = "Changed" }, TestTimeout.Token());
        }

        await using (var api = await TestApi.StartAsync(redis.ConnectionString, new Dictionary<string, string?> { ["Demo:OperatorPassword"] = "another-password" }))
        {
            (await api.PostAsync("/api/operator/sign-in", new { login = "anna@demo.replyx.dev", password = TestApi.DemoPassword })).IsProblem(401, "sign_in_failed");
            var anna = (await api.PostAsync("/api/operator/sign-in", new { login = "anna@demo.replyx.dev", password = "another-password" })).Is(HttpStatusCode.OK);
            var list = await api.GetAsync("/api/dialogs", anna.Json.GetProperty("token").GetString());
            Assert.Equal(dialog, Assert.Single(list.Items).GetProperty("id").GetInt64());
            var site = await api.Accounts.FindSiteAsync("demo", "demo", TestTimeout.Token());
            Assert.Equal((7, "Changed"), (site!.TokenVersion, site.Welcome));
        }
    }

    [Fact]
    public async Task An_erased_demo_account_is_made_anew_at_a_start_after_it_is_gone()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        object secret;
        await using (var api = await TestApi.StartAsync(redis.ConnectionString, new Dictionary<string, string?> { ["Data:PollInterval"] = "01:00:00" }))
        {
            var started = await api.PostAsync("/api/data-jobs", new { kind = "erasure", subject = "account", confirm = "demo" }, await SignInAsync(api));
            secret = new { secret = started.Is(HttpStatusCode.Accepted).Json.GetProperty("secret").GetString() };
        }

        // Made now, it would be deleted by the erasure's second round.
        await using (var api = await TestApi.StartAsync(
            redis.ConnectionString, new Dictionary<string, string?> { ["Data:PollInterval"] = "00:00:00.050", ["Data:SettleTime"] = "00:00:00" }))
        {
            Assert.Contains(api.Logs.All, line => line.Text.Contains("it is being erased", StringComparison.Ordinal));
            var limit = TestTimeout.Token();
            while ((await api.PostAsync("/api/data-jobs/look", secret)).Json.GetProperty("state").GetString() != "done")
            {
                await Task.Delay(20, limit);
            }

            (await api.PostAsync("/api/widget/dialogs", new { assistant_id = "demo" })).IsProblem(404, "assistant_not_found");
        }

        await using (var api = await TestApi.StartAsync(redis.ConnectionString))
        {
            await SignInAsync(api);
            (await api.PostAsync("/api/widget/dialogs", new { assistant_id = "demo" })).Is(HttpStatusCode.Created);
        }

        static async Task<string?> SignInAsync(TestApi api) =>
            (await api.PostAsync("/api/operator/sign-in", new { login = "anna@demo.replyx.dev", password = TestApi.DemoPassword }))
            .Is(HttpStatusCode.OK).Json.GetProperty("token").GetString();
    }

    [Fact]
    public async Task Without_redis_the_start_gives_up_waiting_and_the_service_runs()
    {
        var settings = new Dictionary<string, string?> { ["Demo:Patience"] = "00:00:01" };
        await using var api = await TestApi.StartAsync($"127.0.0.1:{FreePort.Next()},connectTimeout=500", settings);

        (await api.PostAsync("/api/widget/dialogs", new { assistant_id = "demo" })).IsProblem(503, "store_unavailable");
        Assert.Contains(api.Logs.All, line => line.Text.Contains("No demo account", StringComparison.Ordinal));
    }
}
