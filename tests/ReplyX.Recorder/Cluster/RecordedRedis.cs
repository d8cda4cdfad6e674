using ReplyX.Testing;

namespace ReplyX.Recorder.Cluster;

/// <summary>The Redis of a recording: one server, or a cluster.</summary>
internal sealed class RecordedRedis : IAsyncDisposable
{
    /// <summary>After how long a cluster replaces a silent master.</summary>
    private static readonly TimeSpan _nodeTimeout = TimeSpan.FromSeconds(2);

    private RecordedRedis(IReadOnlyList<RedisServer> servers, ClusterServers? cluster) => (Servers, Cluster) = (servers, cluster);

    /// <summary>The one server, or all of the cluster's.</summary>
    public IReadOnlyList<RedisServer> Servers { get; }

    /// <summary>The cluster; null for one server.</summary>
    public ClusterServers? Cluster { get; }

    /// <summary>In StackExchange.Redis' format.</summary>
    public string ConnectionString => string.Join(',', Servers.Select(server => server.ConnectionString)) + ",abortConnect=false";

    public string LastOutput => Cluster?.LastOutput ?? Servers[0].LastOutput;

    public static async Task<RecordedRedis> StartAsync(RedisKind kind)
    {
        if (kind != RedisKind.Cluster)
        {
            return new RecordedRedis([await RedisServer.StartAsync(kind)], null);
        }

        var cluster = await ClusterServers.StartAsync(_nodeTimeout);
        return new RecordedRedis(cluster.All, cluster);
    }

    /// <summary>The server that a fault is done to: the only one, or one of the masters.</summary>
    /// <param name="seed">Decides which.</param>
    public async Task<RedisServer> ChooseAsync(int seed)
    {
        var candidates = Cluster is { } cluster ? await cluster.FindMastersAsync() : Servers;
        return candidates[new Random(seed).Next(candidates.Count)];
    }

    /// <summary>Waits until a cluster is whole again: every slot has a master, and every master a replica.</summary>
    public Task UntilWellAsync() => Cluster?.UntilWellAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}
