using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using ReplyX.Testing;

namespace ReplyX.Recorder.Cluster;

/// <summary>A Redis, two realtime replicas and an Api, each a process, with fault proxies in front of the replicas and of the Api.</summary>
internal sealed class RecordedCluster : IAsyncDisposable
{
    private static readonly HttpClient _health = new() { Timeout = TimeSpan.FromSeconds(5) };

    private RecordedCluster(RecordedRedis redis, bool isSpread, int replicas)
    {
        Redis = redis;
        RedisWays = [new RedisWay(redis), new RedisWay(redis)];
        var common = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Tokens__SigningKey"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            ["Messaging__SpreadDialogs"] = isSpread ? "true" : "false",
            ["Messaging__Replicas"] = replicas.ToString(CultureInfo.InvariantCulture),
            ["Logging__Console__FormatterName"] = "json",
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "false",
        };
        Replicas =
        [
            .. Enumerable.Range(0, 2).Select(i => new ServiceProcess($"realtime-{i}", BuiltServices.Realtime, new Dictionary<string, string>(common)
            {
                ["ConnectionStrings__redis"] = RedisWays[i].ConnectionString,

                // A reader that stopped is given up soon: the recorder waits for that.
                ["Realtime__SendTimeout"] = SendTimeout.ToString("c", CultureInfo.InvariantCulture),

                // The belt is off, so that it is seen whether the braces hold: a stream that is read on after an outage, or that a later
                // event shows a hole in, must not need the comparison of quiet streams with their logs.
                ["Realtime__PositionCheckInterval"] = "00:30:00",
                ["Limits__SocketsPerPrincipal"] = "10000",
            })),
        ];
        Proxy = new FaultProxy([.. Replicas.Select(replica => replica.Port)]);
        Api = new ServiceProcess("api", BuiltServices.Api, new Dictionary<string, string>(common)
        {
            ["Demo__OperatorPassword"] = OperatorPassword,
            ["Realtime__PublicUrl"] = Proxy.Address.ToString(),
            ["Limits__Guest__Burst"] = "100000",
            ["Limits__Guest__PerMinute"] = "600000",
            ["Limits__Operator__Burst"] = "100000",
            ["Limits__Operator__PerMinute"] = "600000",
            ["Limits__Address__Burst"] = "100000",
            ["Limits__Address__PerMinute"] = "600000",
            ["Limits__NewGuests__Burst"] = "100000",
            ["Limits__NewGuests__PerMinute"] = "600000",
        });
        ApiProxy = new FaultProxy(Api.Port);
    }

    /// <summary>How long a socket's peer may read nothing before its node closes it.</summary>
    public static TimeSpan SendTimeout { get; } = TimeSpan.FromSeconds(5);

    public RecordedRedis Redis { get; }

    /// <summary>From each replica to Redis.</summary>
    public IReadOnlyList<RedisWay> RedisWays { get; }

    public IReadOnlyList<ServiceProcess> Replicas { get; }

    public ServiceProcess Api { get; }

    /// <summary>In front of the replicas.</summary>
    public FaultProxy Proxy { get; }

    /// <summary>In front of the Api.</summary>
    public FaultProxy ApiProxy { get; }

    public string OperatorPassword { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public IEnumerable<ServiceProcess> Services => [.. Replicas, Api];

    /// <summary>Starts all of it.</summary>
    /// <param name="redis">What Redis is.</param>
    /// <param name="isSpread">Whether dialogs are spread.</param>
    /// <param name="replicas">How many replicas have an append before it is acknowledged.</param>
    public static async Task<RecordedCluster> StartAsync(RedisKind redis, bool isSpread = false, int replicas = 0)
    {
        var cluster = new RecordedCluster(await RecordedRedis.StartAsync(redis), isSpread, replicas);
        try
        {
            await Task.WhenAll(cluster.Services.Select(service => service.StartAsync()));
            await cluster.UntilHealthyAsync("the cluster to be up");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a replica says of the cluster what is wanted.</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="TimeoutException">It did not in time.</exception>
    public static async Task<TimeSpan> UntilAsync(ServiceProcess replica, string what, TimeSpan limit, Func<HealthReport, bool> isSo)
    {
        var clock = Stopwatch.StartNew();
        HealthReport? last = null;
        while (true)
        {
            try
            {
                using var answer = await _health.GetAsync(new Uri(replica.Address, "/health/websocket"));
                last = await answer.Content.ReadFromJsonAsync<HealthReport>();
                if (last is not null && isSo(last))
                {
                    return clock.Elapsed;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
            {
                // Asked again below.
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"waited {limit.TotalSeconds:0} s for {what}; {replica.Name} last said: {last?.ToString() ?? "nothing"}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Waits until each replica sees both of them ready.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> UntilHealthyAsync(string what)
    {
        var waits = await Task.WhenAll(Replicas.Select(replica => UntilAsync(
            replica, what, TestTimeout.Default, report => report is { Status: "healthy", Nodes: 2, ReadyNodes: 2 })));
        return waits.Max();
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await ApiProxy.DisposeAsync();
        foreach (var service in Services)
        {
            await service.DisposeAsync();
        }

        foreach (var way in RedisWays)
        {
            await way.DisposeAsync();
        }

        await Redis.DisposeAsync();
    }
}
