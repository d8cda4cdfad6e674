using ReplyX.Testing;

namespace ReplyX.Distributed.Tests.Graph;

/// <summary>The graph on a Redis Cluster of six servers.</summary>
public sealed class ClusterGraph() : GraphFixture("--Redis=cluster")
{
    protected override bool CanStart => RequiredTool.Find("redis-server") is not null;

    public override void Require() => RequiredTool.Path("redis-server");
}
