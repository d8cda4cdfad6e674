namespace ReplyX.Testing;

/// <summary>
/// A Redis Cluster of three masters and three replicas, each a redis-server. It is started once for a test run, since that takes seconds,
/// and lent to one test after the other, empty for each. A test that kills or promotes starts <see cref="ClusterServers"/> of its own.
/// </summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private static readonly TimeSpan _nodeTimeout = TimeSpan.FromSeconds(3);
    private static readonly SemaphoreSlim _turn = new(1);
    private static ClusterServers? _cluster;

    private RedisCluster()
    {
    }

    /// <summary>All of them, in StackExchange.Redis' format.</summary>
    public static string ConnectionString => Cluster.ConnectionString;

    /// <summary>The servers, masters first as they were made.</summary>
    public static IReadOnlyList<RedisServer> Running => Cluster.All;

    private static ClusterServers Cluster => _cluster ?? throw new InvalidOperationException("no cluster is running");

    /// <summary>Waits for its turn and empties the cluster. Skips the test where redis-server or redis-cli is missing.</summary>
    public static async Task<RedisCluster> RentAsync()
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _cluster ??= await ClusterServers.StartAsync(_nodeTimeout);

            // A replica refuses.
            foreach (var server in Running)
            {
                await ClusterServers.TellAsync(server, "flushall");
            }

            return new RedisCluster();
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    /// <summary>Moves slots from one of the masters that there were at first to another one.</summary>
    public static Task ReshardAsync(int from, int to, int slots) => ClusterServers.ReshardAsync(Running[from], Running[to], slots);

    /// <summary>Gives it back.</summary>
    public ValueTask DisposeAsync()
    {
        _turn.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends it with the run.</summary>
    public static async Task EndAsync()
    {
        if (_cluster is { } cluster)
        {
            _cluster = null;
            await cluster.DisposeAsync();
        }
    }
}
