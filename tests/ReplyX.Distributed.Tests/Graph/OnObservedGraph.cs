namespace ReplyX.Distributed.Tests.Graph;

/// <summary>Tests that share the observed graph; they run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OnObservedGraph : ICollectionFixture<ObservedGraph>
{
    public const string Name = "observed graph";
}
