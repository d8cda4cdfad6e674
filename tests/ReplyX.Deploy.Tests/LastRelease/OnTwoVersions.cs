using System.Diagnostics.CodeAnalysis;

namespace ReplyX.Deploy.Tests.LastRelease;

/// <summary>Tests that share the two versions, since they take long to start; not beside the rehearsal.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is a collection of tests.")]
public sealed class OnTwoVersions : ICollectionFixture<TwoVersions>
{
    internal const string Name = "two versions";
}
