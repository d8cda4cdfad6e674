using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ReplyX.E2E.Tests.Browser;

/// <summary>
/// Somebody with a browser of their own (a context: storage and cookies that nobody else has). Remembers what their pages complained of.
/// </summary>
public sealed class Person : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Person(IBrowserContext context)
    {
        _context = context;
        context.SetDefaultTimeout(30_000);
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        context.WebError += (_, error) => _complaints.Enqueue($"exception: {error.Error}");
    }

    public IBrowserContext Context => _context;

    /// <summary>Errors and warnings of the console, among them what a Content Security Policy refused, and exceptions that nobody caught.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public static async Task<Person> ComeAsync(
        IBrowser browser, int width, int height, string locale, ColorScheme colors, bool touch) =>
        new(await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            Locale = locale,
            ColorScheme = colors,
            HasTouch = touch,
            IsMobile = touch,
            ReducedMotion = ReducedMotion.Reduce,
        }));

    public async Task<IPage> OpenAsync(Uri address)
    {
        var page = await _context.NewPageAsync();
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>Fails with what the pages complained of, if they did.</summary>
    public void AssertNoComplaints() => Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints));

    /// <summary>Fails with each rule of axe that the page breaks (all WCAG 2.2 A and AA rules, and best practices).</summary>
    public static async Task AssertAccessibleAsync(IPage page)
    {
        // A colour amid its transition is none of the design's.
        foreach (var frame in page.Frames)
        {
            await frame.EvaluateAsync(
                "() => Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished))");
        }

        var result = await page.RunAxe();
        Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(violation =>
            $"{violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => $"{node.Target} {node.Html}"))}")));
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
