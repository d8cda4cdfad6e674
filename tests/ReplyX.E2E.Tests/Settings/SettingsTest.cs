using ReplyX.E2E.Tests.Browser;

namespace ReplyX.E2E.Tests.Settings;

/// <summary>What all tests of settings have: an account that nobody else uses.</summary>
public abstract class SettingsTest(BrowserGraph graph) : BrowserTest(graph)
{
    private TestAccount? _account;

    /// <summary>The account that the test has made.</summary>
    private protected TestAccount Account => _account ?? throw new InvalidOperationException("The test has made no account.");

    public override async ValueTask DisposeAsync()
    {
        _account?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<TestAccount> AccountAsync(string name = "Bicycles & more") =>
        _account ??= await TestAccount.CreateAsync(Graph, name);
}
