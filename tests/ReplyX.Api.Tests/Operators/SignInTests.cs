using System.Net;
using Microsoft.Extensions.Time.Testing;
using ReplyX.Messaging.Tokens;

namespace ReplyX.Api.Tests.Operators;

public sealed class SignInTests(SharedServers servers) : ApiTest(servers)
{
    [Fact]
    public async Task An_operator_signs_in_and_refreshes()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();

        var signedIn = (await SignInAsync(account, account.Login("Anna").ToUpperInvariant(), TestApi.DemoPassword)).Is(HttpStatusCode.OK);
        Assert.Equal("Anna", signedIn.Json.GetProperty("operator").GetProperty("name").GetString());
        Assert.Equal("anna", signedIn.Json.GetProperty("operator").GetProperty("id").GetString());

        var refreshed = (await account.Api.PostAsync("/api/operator/refresh", null, signedIn.Json.GetProperty("token").GetString())).Is(HttpStatusCode.OK);
        Assert.True(refreshed.Json.GetProperty("token_expires_at").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        (await account.Api.GetAsync("/api/dialogs", refreshed.Json.GetProperty("token").GetString())).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Which_of_the_two_is_wrong_is_not_told()
    {
        var account = await NewAccountAsync();
        await account.OperatorAsync();

        var password = (await SignInAsync(account, account.Login("Anna"), "wrong-password")).IsProblem(401, "sign_in_failed");
        var login = (await SignInAsync(account, account.Login("Nobody"), TestApi.DemoPassword)).IsProblem(401, "sign_in_failed");
        Assert.Equal(password.Json.GetProperty("title").GetString(), login.Json.GetProperty("title").GetString());
        (await SignInAsync(account, null, TestApi.DemoPassword)).IsProblem(400, "invalid_field");
        (await SignInAsync(account, account.Login("Anna"), new string('x', 257))).IsProblem(400, "invalid_field");
    }

    [Fact]
    public async Task A_token_outlives_neither_its_time_nor_its_operator()
    {
        var account = await NewAccountAsync();
        var claims = new OperatorClaims(account.Id, "nobody", "Nobody");
        var past = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(-1));

        (await account.Api.PostAsync("/api/operator/refresh", null, account.Api.Tokens.Issue(claims).Token)).IsProblem(401, "token_revoked");
        (await account.Api.PostAsync("/api/operator/refresh", null, TestApi.TokensAt(past).Issue(claims).Token)).IsProblem(401, "token_expired");
        (await account.Api.GetAsync("/api/dialogs", TestApi.TokensAt(past).Issue(claims).Token)).IsProblem(401, "token_expired");
    }

    private static Task<Answer> SignInAsync(TestAccount account, string? login, string password) =>
        account.Api.PostAsync("/api/operator/sign-in", new { login, password });
}
