using System.Net;
using Microsoft.Extensions.Logging;

namespace ReplyX.Api.Tests.Problems;

public sealed class StoreAwayTests
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task While_redis_is_away_reads_are_unavailable_and_sends_unknown_and_a_retry_is_one_message(RedisKind kind)
    {
        await using var redis = await RedisServer.StartAsync(kind);
        await using var api = await TestApi.StartAsync(redis.ConnectionString);
        var account = await api.NewAccountAsync();
        var (dialog, anna) = (await account.OpenWidgetAsync(), await account.OperatorAsync());
        (await dialog.SendAsync("before", "k1")).Is(HttpStatusCode.Created);

        await redis.KillAsync();
        (await dialog.SendAsync("during", "k2")).IsProblem(503, "unknown_outcome");
        (await dialog.HandoffAsync("request", dialog.Token)).IsProblem(503, "unknown_outcome");
        (await dialog.ReadAsync()).IsProblem(503, "store_unavailable");
        (await api.GetAsync("/api/dialogs", anna)).IsProblem(503, "store_unavailable");
        (await api.PostAsync("/api/widget/dialogs", new { assistant_id = "demo" })).IsProblem(503, "store_unavailable");
        (await api.PostAsync("/api/operator/sign-in", new { login = "a", password = "b" })).IsProblem(503, "store_unavailable");
        (await api.GetAsync("/internal/nodes")).IsProblem(503, "store_unavailable");
        (await api.GetAsync("/alive")).Is(HttpStatusCode.OK);
        (await api.GetAsync("/health/ready")).Is(HttpStatusCode.ServiceUnavailable);

        await redis.RestartAsync();
        Answer answer;
        do
        {
            answer = await dialog.SendAsync("during", "k2");
        }
        while (answer.Status == HttpStatusCode.ServiceUnavailable && !TestContext.Current.CancellationToken.IsCancellationRequested);

        answer.Is(HttpStatusCode.Created);
        Assert.Equal(
            ["before", "during"],
            (await dialog.ReadAsync()).Items.Skip(1).Select(item => item.GetProperty("text").GetString()));
        Assert.DoesNotContain(api.Logs.All, line => line.Level >= LogLevel.Error && line.Text.StartsWith("ReplyX", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Logs.All, line => line.Text.Contains("Unhandled", StringComparison.OrdinalIgnoreCase) || line.Text.Contains("unhandled exception", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_redis_that_holds_its_tongue_is_given_up()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var api = await TestApi.StartAsync(redis.ConnectionString + ",asyncTimeout=500");
        var dialog = await (await api.NewAccountAsync()).OpenWidgetAsync();

        await redis.PauseAsync();
        (await dialog.SendAsync("during", "k1")).IsProblem(503, "unknown_outcome");
        await redis.ResumeAsync();
    }
}
