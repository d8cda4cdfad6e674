using Microsoft.Playwright;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.E2E.Tests.Browser;

/// <summary>The whole graph and a real browser, Debian's Chromium, both started once for all tests of a collection.</summary>
public sealed class BrowserGraph : GraphFixture
{
    // Chromium slows down pages that nobody sees, and here nobody ever sees one.
    private static readonly string[] _arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--disable-background-networking", "--disable-component-update",
        // Playwright switches off that each embedding site has storage of its own; a widget would then have none at all. The last list counts.
        // Pages that a test makes up have no address: to the browser they are of the Internet, and may not embed what runs on this machine.
        "--disable-features=Translate,OptimizationHints,MediaRouter,HttpsUpgrades,PaintHolding,DestroyProfileOnBrowserClose,LocalNetworkAccessChecks",
        "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
    ];

    // Milliseconds. It only ends a test that has failed anyway.
    private const float ExpectTimeout = 30_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Wire? _wire;

    /// <summary>What the browser's sockets go through, to be cut.</summary>
    public Wire Wire => _wire ?? throw new InvalidOperationException("The browser has not been started.");

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not been started.");

    protected override bool CanStart => RequiredTool.Find("chromium") is not null;

    public override void Require() => RequiredTool.Path("chromium");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (CanStart)
        {
            // The browser believes that it speaks to the sockets' own address: Chromium's offline switch would leave open ones alone.
            _wire = new Wire(Sockets);
            _playwright = await Playwright.CreateAsync();
            Assertions.SetDefaultExpectTimeout(ExpectTimeout);
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = RequiredTool.Path("chromium"),
                Args = [.. _arguments, $"--host-resolver-rules=MAP {Sockets.Authority} 127.0.0.1:{_wire.Port}"],
            });
        }
    }

    /// <summary>Restarts both realtime replicas at once.</summary>
    public async Task RestartReplicasAsync()
    {
        HashSet<string> rows = [];
        await foreach (var row in App.ResourceNotifications.WatchAsync(TestTimeout.Token()))
        {
            if (row.Resource.Name == "realtime" && rows.Add(row.ResourceId) && rows.Count == 2)
            {
                break;
            }
        }

        await Task.WhenAll(rows.Select(row => CommandAsync(row, "restart")));
        await WaitUntilHealthyAgainAsync("realtime");
    }

    public override async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_wire is not null)
        {
            await _wire.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
