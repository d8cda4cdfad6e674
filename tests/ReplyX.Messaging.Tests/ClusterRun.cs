using ReplyX.Messaging.Tests;
using ReplyX.Testing;

[assembly: AssemblyFixture(typeof(ClusterRun))]

namespace ReplyX.Messaging.Tests;

/// <summary>Ends the cluster with the run, if a test wanted one.</summary>
public sealed class ClusterRun : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await RedisCluster.EndAsync();
}
