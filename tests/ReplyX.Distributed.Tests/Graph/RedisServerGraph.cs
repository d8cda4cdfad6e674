using ReplyX.Testing;

namespace ReplyX.Distributed.Tests.Graph;

/// <summary>The graph on real Redis.</summary>
public sealed class RedisServerGraph : GraphFixture
{
    protected override bool CanStart => RequiredTool.Find("redis-server") is not null;

    public override void Require() => RequiredTool.Path("redis-server");
}
