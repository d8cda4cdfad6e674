namespace ReplyX.Distributed.Tests.Graph;

/// <summary>Tests that share the graph on real Redis; they run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OnRedisServer : ICollectionFixture<RedisServerGraph>
{
    public const string Name = "graph on redis-server";
}
