namespace ReplyX.E2E.Tests.Browser;

/// <summary>Tests that share the graph and the browser; they run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InBrowser : ICollectionFixture<BrowserGraph>
{
    public const string Name = "browser";
}
