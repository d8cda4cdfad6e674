using ReplyX.Integration.Tests.Hosting;
using ReplyX.Testing;

[assembly: AssemblyFixture(typeof(ClusterRun))]

namespace ReplyX.Integration.Tests.Hosting;

/// <summary>Ends the cluster with the run, if a test wanted one.</summary>
public sealed class ClusterRun : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await RedisCluster.EndAsync();
}
