using Microsoft.Extensions.Options;

namespace ReplyX.Api.Tests;

public sealed class StartTests(SharedServers servers) : ApiTest(servers)
{
    [Theory]
    [InlineData("Realtime:PublicUrl", "")]
    [InlineData("Realtime:PublicUrl", "localhost:5090")]
    [InlineData("Realtime:PublicUrl", "ftp://localhost")]
    [InlineData("Tokens:SigningKey", "short")]
    [InlineData("Limits:MaxBodyBytes", "10")]
    [InlineData("Limits:Guest:Burst", "0")]
    [InlineData("Limits:NewGuests:Burst", "0")]
    [InlineData("Limits:SignInLogin:PerMinute", "0")]
    [InlineData("Limits:SignIn:Burst", "0")]
    [InlineData("Limits:PasswordChecks", "0")]
    [InlineData("Tokens:DeviceLifetime", "00:00:00")]
    [InlineData("Messaging:MaxTextLength", "0")]
    [InlineData("Messaging:KeyLifetime", "02:00:00")]
    [InlineData("Archive:MinAge", "00:59:59")]
    [InlineData("Archive:Store", "Files")]
    [InlineData("Archive:Store", "7")]
    [InlineData("Archive:Directory", "archive")]
    [InlineData("Proxies:Trusted:0", "everybody")]
    [InlineData("Sites:PublicUrl", "/relative")]
    [InlineData("Demo:OperatorPassword", "short")]
    [InlineData("Metrics:Token", "short")]
    public async Task An_option_that_makes_no_sense_stops_the_start(string name, string value)
    {
        var redis = await RedisAsync();
        await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApi.StartAsync(redis.ConnectionString, new Dictionary<string, string?> { [name] = value }));
    }

    [Fact]
    public async Task Production_has_no_demo_account_and_no_document_and_asks_for_the_metrics_token()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var api = await TestApi.StartAsync(
            redis.ConnectionString, new Dictionary<string, string?> { ["Metrics:Token"] = "a-token-for-metrics" }, "Production");

        (await api.PostAsync("/api/widget/dialogs", new { assistant_id = "demo" })).IsProblem(404, "assistant_not_found");
        (await api.GetAsync("/openapi/v1.json")).IsProblem(404, "not_found");
        (await api.GetAsync("/docs")).IsProblem(404, "not_found");
        (await api.GetAsync("/")).IsProblem(404, "not_found");
        foreach (var path in (string[])["/metrics", "/internal/nodes", "/internal/prometheus/targets", "/internal/nodes/x/metrics"])
        {
            (await api.GetAsync(path)).IsProblem(401, "unauthorized");
            (await api.GetAsync(path, "another-token-for-metrics")).IsProblem(401, "unauthorized");
        }

        (await api.PostAsync("/internal/nodes/x/drain", null)).IsProblem(401, "unauthorized");
        (await api.PostAsync("/internal/nodes/x/drain", null, "another-token-for-metrics")).IsProblem(401, "unauthorized");
        (await api.GetAsync("/internal/nodes", "a-token-for-metrics")).Is(System.Net.HttpStatusCode.OK);
        (await api.GetAsync("/metrics", "a-token-for-metrics")).Is(System.Net.HttpStatusCode.OK);
    }
}
