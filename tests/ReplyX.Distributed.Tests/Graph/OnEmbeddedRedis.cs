namespace ReplyX.Distributed.Tests.Graph;

/// <summary>Tests that share the graph on the embedded stand-in; they run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OnEmbeddedRedis : ICollectionFixture<EmbeddedRedisGraph>
{
    public const string Name = "graph on embedded Redis";
}
