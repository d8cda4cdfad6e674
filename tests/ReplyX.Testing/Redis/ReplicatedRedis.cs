using System.Diagnostics;
using System.Globalization;

namespace ReplyX.Testing;

/// <summary>A Redis and its replicas, real processes, and three Sentinels over them if they are asked for.</summary>
public sealed class ReplicatedRedis : IAsyncDisposable
{
    private const string ServiceName = "replyx";
    private const int SentinelCount = 3;

    private readonly List<RedisServer> _servers = [];
    private readonly List<RedisServer> _sentinels = [];

    private ReplicatedRedis()
    {
    }

    /// <summary>The server that took writes at the start.</summary>
    public RedisServer Primary => _servers[0];

    /// <summary>The others.</summary>
    public IReadOnlyList<RedisServer> Replicas => _servers[1..];

    /// <summary>The Sentinels.</summary>
    public IReadOnlyList<RedisServer> Sentinels => _sentinels;

    /// <summary>By way of the Sentinels, in StackExchange.Redis' format.</summary>
    public string ConnectionString => $"{string.Join(',', _sentinels.Select(sentinel => sentinel.ConnectionString))},serviceName={ServiceName}";

    /// <summary>Starts servers, and waits until the replicas have what the first one has.</summary>
    /// <param name="replicas">How many replicas.</param>
    /// <param name="extraArguments">Added to the command line of each server.</param>
    public static async Task<ReplicatedRedis> StartAsync(int replicas, params string[] extraArguments)
    {
        var redis = new ReplicatedRedis();
        try
        {
            redis._servers.Add(await RedisServer.StartAsync(RedisKind.Redis, extraArguments));
            for (var i = 0; i < replicas; i++)
            {
                redis._servers.Add(await RedisServer.StartAsync(
                    RedisKind.Redis, ["--replicaof", "127.0.0.1", redis.Primary.Port.ToString(CultureInfo.InvariantCulture), .. extraArguments]));
            }

            await WaitUntilOnlineAsync(redis.Primary, replicas);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts three Sentinels, and waits until they know each other and all servers.</summary>
    public async Task StartSentinelsAsync()
    {
        for (var i = 0; i < SentinelCount; i++)
        {
            _sentinels.Add(await RedisServer.StartSentinelAsync(port => string.Create(
                CultureInfo.InvariantCulture,
                $"""
                port {port}
                bind 127.0.0.1
                sentinel monitor {ServiceName} 127.0.0.1 {Primary.Port} 2
                sentinel down-after-milliseconds {ServiceName} 1000
                sentinel failover-timeout {ServiceName} 6000

                """)));
        }

        foreach (var sentinel in _sentinels)
        {
            await UntilAsync(
                async () => Parts(await sentinel.AskAsync("SENTINEL", "MASTER", ServiceName)) is var known
                    && known.GetValueOrDefault("num-other-sentinels") == $"{SentinelCount - 1}"
                    && known.GetValueOrDefault("num-slaves") == $"{Replicas.Count}",
                $"the Sentinels to know each other; one said: {sentinel.LastOutput}");
        }
    }

    /// <summary>Makes a replica take writes, as an operator would by hand.</summary>
    public static Task PromoteAsync(RedisServer replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        return replica.AskAsync("REPLICAOF", "NO", "ONE");
    }

    /// <summary>The server that the Sentinels have for the primary, once it is another one than <paramref name="before"/>.</summary>
    /// <param name="before">The one before.</param>
    public async Task<RedisServer> WaitForFailoverAsync(RedisServer before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var now = before;
        await UntilAsync(
            async () =>
            {
                var address = await _sentinels[0].AskAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", ServiceName);
                now = _servers.Single(server => address.Contains($"\r\n{server.Port}\r\n", StringComparison.Ordinal));
                return now != before && (await now.AskAsync("ROLE")).Contains("master", StringComparison.Ordinal);
            },
            $"a failover; the first Sentinel said: {_sentinels[0].LastOutput}");
        return now;
    }

    /// <summary>Waits until a server has so many replicas that have all but the latest writes.</summary>
    /// <param name="primary">The server.</param>
    /// <param name="replicas">How many.</param>
    public static Task WaitUntilOnlineAsync(RedisServer primary, int replicas)
    {
        ArgumentNullException.ThrowIfNull(primary);
        return UntilAsync(
            async () => (await primary.AskAsync("INFO", "replication")).Split("state=online").Length - 1 >= replicas,
            $"{replicas} replicas; the primary said: {primary.LastOutput}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _sentinels.Concat(_servers))
        {
            await server.DisposeAsync();
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (clock.Elapsed > TestTimeout.Default)
            {
                throw new TimeoutException($"waited {clock.Elapsed.TotalSeconds:0} s for {what}");
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    // Names and values by turns, each behind its length.
    private static Dictionary<string, string> Parts(string answer)
    {
        var lines = answer.Split("\r\n").Where(line => line.Length > 0 && line[0] is not ('$' or '*' or '+')).ToList();
        return lines.Zip(lines.Skip(1)).DistinctBy(pair => pair.First).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
