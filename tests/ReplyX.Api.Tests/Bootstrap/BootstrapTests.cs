using System.Net;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Tests.Bootstrap;

public sealed class BootstrapTests
{
    private const string Login = "olga@acme.example";
    private const string Password = "the first password";

    [Fact]
    public async Task The_first_start_makes_an_account_and_later_ones_change_nothing()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        string account;
        await using (var api = await StartAsync(redis, Password))
        {
            var me = await SignInAsync(api, Password);
            Assert.Equal(("owner", "Acme"), (me.Json.GetProperty("role").GetString(), me.Json.GetProperty("account").GetProperty("name").GetString()));
            account = me.Json.GetProperty("account").GetProperty("id").GetString()!;
            Assert.Single(api.Logs.All, line => line.Text.Contains("The first account is made", StringComparison.Ordinal));
            AssertNoPassword(api);
        }

        await using (var api = await StartAsync(redis, Password))
        {
            Assert.DoesNotContain(api.Logs.All, line => line.Text.Contains("first account", StringComparison.Ordinal));
        }

        await using (var api = await StartAsync(redis, "another password"))
        {
            var line = Assert.Single(api.Logs.All, line => line.Text.Contains("first account", StringComparison.Ordinal));
            Assert.Contains("changes nothing", line.Text, StringComparison.Ordinal);
            AssertNoPassword(api);
            (await api.PostAsync("/api/operator/sign-in", new { login = Login, password = "another password" })).IsProblem(401, "sign_in_failed");
            Assert.Equal(account, (await SignInAsync(api, Password)).Json.GetProperty("account").GetProperty("id").GetString());

            // An owner who was replaced does not come back.
            await api.Accounts.SaveOperatorAsync(
                new Operator(account, "pavel", "pavel@acme.example", "Pavel", "", OperatorRole.Owner), Password, TestTimeout.Token());
            var owner = (await api.Accounts.FindOperatorByLoginAsync(Login, TestTimeout.Token()))!;
            Assert.Equal(AccountOutcome.Done, await api.Accounts.RemoveOperatorAsync(account, owner.Id, Actor.Platform, TestTimeout.Token()));
        }

        await using (var api = await StartAsync(redis, Password))
        {
            Assert.Null(await api.Accounts.FindOperatorByLoginAsync(Login, TestTimeout.Token()));
        }
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task Instances_that_start_at_once_make_one_account(RedisKind kind)
    {
        await using var redis = await RedisServer.StartAsync(kind);
        var apis = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => StartAsync(redis, Password))));
        try
        {
            Assert.Single(apis, api => api.Logs.All.Any(line => line.Text.Contains("The first account is made", StringComparison.Ordinal)));
            var accounts = new HashSet<string?>();
            foreach (var api in apis)
            {
                accounts.Add((await SignInAsync(api, Password)).Json.GetProperty("account").GetProperty("id").GetString());
            }

            Assert.Single(await apis[0].Accounts.ListOperatorsAsync(Assert.Single(accounts)!, TestTimeout.Token()));
        }
        finally
        {
            foreach (var api in apis)
            {
                await api.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_start_without_redis_makes_it_as_soon_as_there_is_one()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await redis.KillAsync();
        var settings = Settings(Password);
        settings["Bootstrap:Patience"] = "00:00:00.1";
        await using var api = await TestApi.StartAsync(redis.ConnectionString + ",connectTimeout=500", settings, "Production");
        Assert.Contains(api.Logs.All, line => line.Text.Contains("No first account yet", StringComparison.Ordinal));

        await redis.RestartAsync();

        Answer answer;
        do
        {
            answer = await api.PostAsync("/api/operator/sign-in", new { login = Login, password = Password });
        }
        while (answer.Code is "store_unavailable" or "sign_in_failed");
        answer.Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Bootstrap:OwnerPassword", "short")]
    [InlineData("Bootstrap:OwnerPassword", Login)]
    [InlineData("Bootstrap:OwnerPassword", "")]
    [InlineData("Bootstrap:OwnerLogin", "")]
    [InlineData("Bootstrap:OwnerLogin", "two words")]
    [InlineData("Bootstrap:AccountName", "")]
    public async Task What_cannot_work_stops_the_start(string option, string value)
    {
        var settings = Settings(Password);
        settings[option] = value;

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => TestApi.StartAsync("127.0.0.1:1", settings, "Production"));

        Assert.Contains(option, Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, failure.Message, StringComparison.Ordinal);
    }

    private static Task<TestApi> StartAsync(RedisServer redis, string password) =>
        TestApi.StartAsync(redis.ConnectionString, Settings(password), "Production");

    private static Dictionary<string, string?> Settings(string password) => new()
    {
        ["Metrics:Token"] = "a metrics token for this test",
        ["Bootstrap:AccountName"] = "Acme",
        ["Bootstrap:OwnerLogin"] = Login,
        ["Bootstrap:OwnerPassword"] = password,
    };

    private static async Task<Answer> SignInAsync(TestApi api, string password)
    {
        var signedIn = (await api.PostAsync("/api/operator/sign-in", new { login = Login, password })).Is(HttpStatusCode.OK);
        return (await api.GetAsync("/api/operator/me", signedIn.Token)).Is(HttpStatusCode.OK);
    }

    private static void AssertNoPassword(TestApi api) =>
        Assert.DoesNotContain(api.Logs.All, line => line.Text.Contains("password\"", StringComparison.Ordinal)
            || line.Text.Contains(Password, StringComparison.Ordinal)
            || line.Text.Contains("another password", StringComparison.Ordinal));
}
