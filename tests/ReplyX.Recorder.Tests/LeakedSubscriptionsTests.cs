using System.Net.Sockets;
using System.Text;
using ReplyX.Recorder.Chaos;
using ReplyX.Recorder.Judging;
using ReplyX.Testing;

namespace ReplyX.Recorder.Tests;

public sealed class LeakedSubscriptionsTests
{
    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_channel_of_sockets_that_stays_subscribed_is_found_and_a_node_s_own_is_not(RedisKind kind)
    {
        if (kind == RedisKind.Redis)
        {
            RequiredTool.Path("redis-server");
        }

        await using var redis = await RedisServer.StartAsync(kind);
        using var node = await SubscribeAsync(redis, "replyx:probe:1");
        var violations = new Violations();
        var leaks = new LeakedSubscriptions([redis], violations);
        await leaks.CheckAsync("all", TimeSpan.Zero);
        Assert.False(violations.Any);

        using (await SubscribeAsync(redis, "{demo}:dialog:7"))
        using (await SubscribeAsync(redis, "{demo}:dialog:17"))
        using (await SubscribeAsync(redis, "{demo}:feed"))
        {
            await leaks.CheckAsync("dialog 7", TimeSpan.FromMilliseconds(200), [7]);
            Assert.Equal(1, violations[ViolationKind.LeakedSubscriptions]);

            // What was told is not told again.
            await leaks.CheckAsync("all", TimeSpan.FromMilliseconds(200));
            Assert.Equal(3, violations[ViolationKind.LeakedSubscriptions]);
        }

        violations = new Violations();
        await new LeakedSubscriptions([redis], violations).CheckAsync("all", TestTimeout.Default);
        Assert.False(violations.Any);
    }

    private static async Task<TcpClient> SubscribeAsync(RedisServer redis, string channel)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", redis.Port, TestTimeout.Token());
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"*2\r\n$9\r\nSUBSCRIBE\r\n${channel.Length}\r\n{channel}\r\n"), TestTimeout.Token());
        await stream.ReadExactlyAsync(new byte[1], TestTimeout.Token());
        return client;
    }
}
