namespace ReplyX.Distributed.Tests.Graph;

/// <summary>The graph on the embedded stand-in, as on a machine that has nothing but the SDK.</summary>
public sealed class EmbeddedRedisGraph() : GraphFixture("--Redis=embedded");
