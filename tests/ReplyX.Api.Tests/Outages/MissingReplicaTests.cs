using System.Net;

namespace ReplyX.Api.Tests.Outages;

/// <summary>A replica that must have each message hangs: sends are unknown, everything else goes on, and a retry settles it.</summary>
public sealed class MissingReplicaTests
{
    [Fact]
    public async Task A_send_without_its_replica_is_unknown_and_its_retry_is_the_same_message()
    {
        await using var redis = await ReplicatedRedis.StartAsync(1);
        await using var api = await TestApi.StartAsync(
            redis.Primary.ConnectionString,
            new Dictionary<string, string?> { ["Messaging:Replicas"] = "1", ["Messaging:ReplicaTimeout"] = "00:00:00.200" });
        var account = await api.NewAccountAsync();
        var (dialog, anna) = (await account.OpenWidgetAsync(), await account.OperatorAsync());
        (await dialog.SendAsync("before", "first")).Is(HttpStatusCode.Created);

        await redis.Replicas[0].PauseAsync();
        (await dialog.SendAsync("hello", "second")).IsProblem(503, "unknown_outcome");
        (await dialog.SendAsync("hello", "second")).IsProblem(503, "unknown_outcome");
        (await dialog.HandoffAsync("request", dialog.Token, new { client_id = "h1" })).IsProblem(503, "unknown_outcome");
        (await dialog.HandoffAsync("release", anna)).IsProblem(409, "handoff_wrong_state");
        Assert.Equal(4, (await dialog.ReadAsync()).Items.Count);

        await redis.Replicas[0].ResumeAsync();
        Answer retried;
        var limit = TestTimeout.Token();
        do
        {
            limit.ThrowIfCancellationRequested();
            retried = await dialog.SendAsync("hello", "second");
        }
        while (retried.Status == HttpStatusCode.ServiceUnavailable);

        retried.Is(HttpStatusCode.OK);
        (await dialog.HandoffAsync("request", dialog.Token, new { client_id = "h1" })).Is(HttpStatusCode.OK);
        Assert.Equal(["Welcome!", "before", "hello"], (await dialog.ReadAsync()).Items.Take(3).Select(item => item.GetProperty("text").GetString()));
        Assert.Equal(4, (await dialog.ReadAsync()).Items.Count);
    }
}
