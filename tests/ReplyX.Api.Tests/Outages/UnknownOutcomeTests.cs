using System.Net;

namespace ReplyX.Api.Tests.Outages;

/// <summary>Redis fails in the middle of one append: the answer is 503, and a retry makes one message whatever had happened.</summary>
public sealed class UnknownOutcomeTests
{
    public static TheoryData<RedisKind, Fault> Faults => [
        .. from kind in new[] { RedisKind.Redis, RedisKind.Garnet } from fault in Enum.GetValues<Fault>() select new TheoryDataRow<RedisKind, Fault>(kind, fault),
    ];

    public enum Fault
    {
        KilledBeforeTheAppend,
        KilledAfterTheAppend,
        PausedBeforeTheAppend,
        CutAfterTheAppend,
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_retry_makes_one_message(RedisKind kind, Fault fault)
    {
        await using var redis = await RedisServer.StartAsync(kind);
        await using var proxy = new LossyProxy(redis.Port);
        await using var api = await TestApi.StartAsync($"127.0.0.1:{proxy.Port},asyncTimeout=4000");
        var dialog = await (await api.NewAccountAsync()).OpenWidgetAsync();
        (await dialog.SendAsync("before", "first")).Is(HttpStatusCode.Created);
        const string Key = "the-one-that-fails";
        const string Appended = "appended";
        var happened = false;
        switch (fault)
        {
            case Fault.KilledBeforeTheAppend:
                proxy.BeforeRequest(Key, () => Happen(redis.KillAsync()));
                break;
            case Fault.KilledAfterTheAppend:
                proxy.InsteadOfAnswer(Appended, () => Happen(redis.KillAsync()));
                break;
            case Fault.PausedBeforeTheAppend:
                proxy.BeforeRequest(Key, () => Happen(redis.PauseAsync()));
                break;
            default:
                proxy.InsteadOfAnswer(Appended, () => Happen(Task.CompletedTask));
                break;
        }

        (await dialog.SendAsync("hello", Key)).IsProblem(503, "unknown_outcome");
        Assert.True(happened, "Redis never saw the append");

        switch (fault)
        {
            case Fault.KilledBeforeTheAppend or Fault.KilledAfterTheAppend:
                await redis.RestartAsync();
                break;
            case Fault.PausedBeforeTheAppend:
                await redis.ResumeAsync();
                break;
        }

        var retried = await RetryAsync(dialog, Key);
        Assert.Equal(fault == Fault.KilledBeforeTheAppend ? HttpStatusCode.Created : HttpStatusCode.OK, retried.Status);
        (await dialog.SendAsync("after", "last")).Is(HttpStatusCode.Created);
        var items = (await dialog.ReadAsync()).Items;
        Assert.Equal(["Welcome!", "before", "hello", "after"], items.Select(item => item.GetProperty("text").GetString()));
        Assert.Equal([1, 2, 3, 4], items.Select(item => item.GetProperty("seq").GetInt64()));
        Assert.Equal(items[2].GetRawText(), retried.Json.GetProperty("user_message").GetRawText());

        Task Happen(Task fault)
        {
            happened = true;
            return fault;
        }
    }

    // As the documentation tells clients, but sooner than Retry-After says.
    private static async Task<Answer> RetryAsync(TestDialog dialog, string key)
    {
        while (true)
        {
            var answer = await dialog.SendAsync("hello", key);
            if (answer.Status != HttpStatusCode.ServiceUnavailable)
            {
                return answer;
            }

            answer.IsProblem(503, "unknown_outcome");
            await Task.Delay(50, TestTimeout.Token());
        }
    }
}
