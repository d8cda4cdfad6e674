using System.Globalization;
using ReplyX.Testing;
using StackExchange.Redis;

namespace ReplyX.EmbeddedRedis.Tests;

/// <summary>What was acknowledged is there after a kill; the same demands on both servers.</summary>
public sealed class DurabilityTests
{
    private const int Writers = 6;

    private const string Append = """
        redis.call('RPUSH', KEYS[1], ARGV[1])
        redis.call('HSET', KEYS[2], ARGV[1], '1')
        return redis.call('LLEN', KEYS[1])
        """;

    [Theory]
    [InlineData(RedisKind.Redis, false)]
    [InlineData(RedisKind.Garnet, false)]
    [InlineData(RedisKind.Garnet, true)]
    public async Task Acknowledged_writes_survive_kills(RedisKind kind, bool checkpointMeanwhile)
    {
        var random = Seed.Random();
        await using var server = await RedisServer.StartAsync(kind);
        var acknowledged = new int[Writers];

        for (var round = 0; round < 3; round++)
        {
            var killAfter = random.Next(200, 800);
            using (var redis = await ConnectAsync(server))
            {
                var enough = new TaskCompletionSource();
                var total = 0;
                var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteUntilGoneAsync(redis.GetDatabase(), writer, acknowledged, () =>
                {
                    var count = Interlocked.Increment(ref total);
                    if (checkpointMeanwhile && count == killAfter / 2)
                    {
                        _ = redis.GetDatabase().ExecuteAsync("BGSAVE");
                    }

                    if (count == killAfter)
                    {
                        enough.SetResult();
                    }
                }))).ToArray();

                await enough.Task.Within($"{killAfter} acknowledged writes");
                await server.KillAsync();
                await Task.WhenAll(writers).Within("writers to notice the kill");
            }

            await server.RestartAsync();
            using var survivor = await ConnectAsync(server);
            for (var writer = 0; writer < Writers; writer++)
            {
                await AssertAllThereAsync(survivor.GetDatabase(), writer, acknowledged);
            }
        }
    }

    [Theory]
    [InlineData(RedisKind.Redis)]
    [InlineData(RedisKind.Garnet)]
    public async Task A_shutdown_in_good_order_exits_0_and_keeps_everything(RedisKind kind)
    {
        await using var server = await RedisServer.StartAsync(kind);
        using (var redis = await ConnectAsync(server))
        {
            await redis.GetDatabase().ListRightPushAsync("list", ["a", "b"]);
            await redis.GetDatabase().StringSetAsync("expiring", "x", TimeSpan.FromHours(1));
        }

        Assert.Equal(0, await server.StopAsync());
        await server.RestartAsync();

        using var again = await ConnectAsync(server);
        Assert.Equal(["a", "b"], await again.GetDatabase().ListRangeAsync("list"));
        Assert.NotNull(await again.GetDatabase().KeyTimeToLiveAsync("expiring"));
    }

    [Fact]
    public async Task The_log_on_disk_stops_growing()
    {
        // A limit of 1 MiB, looked at every 5 s. What a checkpoint frees are whole segments of 64 MiB.
        await using var server = await RedisServer.StartAsync(RedisKind.Garnet, "--aof-limit-mb", "1");
        using var redis = await ConnectAsync(server);
        var database = redis.GetDatabase();
        var value = new byte[256 * 1024];
        long written;
        for (written = 0; written < 256L << 20; written += value.Length)
        {
            await database.StringSetAsync("value", value);
        }

        await database.StringSetAsync("last", written);
        using var limit = new CancellationTokenSource(TestTimeout.Default);
        while (SizeOf(server.DataDirectory, "aof.log.*") > 128L << 20)
        {
            Assert.False(limit.IsCancellationRequested, $"{written >> 20} MiB written, and {SizeOf(server.DataDirectory, "aof.log.*") >> 20} MiB of log kept");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        await server.KillAsync();
        await server.RestartAsync();
        using var again = await ConnectAsync(server);
        Assert.Equal(written, (long)await again.GetDatabase().StringGetAsync("last"));
        Assert.Equal(value.Length, await again.GetDatabase().StringLengthAsync("value"));
    }

    private static long SizeOf(string folder, string pattern) =>
        new DirectoryInfo(folder).EnumerateFiles(pattern, SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    private static async Task<ConnectionMultiplexer> ConnectAsync(RedisServer server)
    {
        var options = ConfigurationOptions.Parse(server.ConnectionString);
        options.BacklogPolicy = BacklogPolicy.FailFast;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    private static async Task WriteUntilGoneAsync(IDatabase database, int writer, int[] acknowledged, Action onAcknowledged)
    {
        RedisKey[] scripted = [$"{{{writer}}}:scripted", $"{{{writer}}}:seen"];
        try
        {
            while (true)
            {
                // An unknown outcome of the last round may have been written: numbers from there on may stand twice, none is missing.
                var number = acknowledged[writer].ToString(CultureInfo.InvariantCulture);
                await database.ListRightPushAsync($"{{{writer}}}:list", number);
                await database.HashSetAsync($"{{{writer}}}:hash", number, "1");
                await database.ScriptEvaluateAsync(Append, scripted, [number]);
                acknowledged[writer]++;
                onAcknowledged();
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException or InvalidOperationException)
        {
            // InvalidOperationException ("Writing is not allowed after writer was completed") is the client's race between a write and the loss.
        }
    }

    private static async Task AssertAllThereAsync(IDatabase database, int writer, int[] acknowledged)
    {
        var expected = Enumerable.Range(0, acknowledged[writer]).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(expected, Distinct(await database.ListRangeAsync($"{{{writer}}}:list"), expected.Length));
        Assert.Equal(expected, Distinct(await database.ListRangeAsync($"{{{writer}}}:scripted"), expected.Length));
        Assert.Superset(expected.ToHashSet(), (await database.HashKeysAsync($"{{{writer}}}:hash")).Select(key => key.ToString()).ToHashSet());
        Assert.Superset(expected.ToHashSet(), (await database.HashKeysAsync($"{{{writer}}}:seen")).Select(key => key.ToString()).ToHashSet());
    }

    private static string[] Distinct(RedisValue[] values, int count) => values.Select(value => value.ToString()).Distinct().Take(count).ToArray();
}
