using System.Text.RegularExpressions;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Console;

/// <summary>The status page shows how the platform does.</summary>
public sealed class StatusTests(BrowserGraph graph) : ConsoleTest(graph)
{
    [Fact]
    public async Task Both_Nodes_Are_Shown_And_Plotted()
    {
        var guest = await VisitAsync();
        await guest.SocketAsync();
        await guest.SayAsync("Hello");
        var console = await SignInAsync();
        var page = console.Page;

        // What stands at the axes is drawn, and in no element.
        await page.EvaluateAsync(
            """
            () => {
              const write = CanvasRenderingContext2D.prototype.fillText;
              globalThis.written = new Map();
              CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
                const title = this.canvas.closest('.plot')?.querySelector('h2').textContent;
                written.set(title, [...(written.get(title) ?? []), text]);
                return write.call(this, text, ...place);
              };
            }
            """);
        await console.GoAsync("status");

        await Expect(page.GetByText("All is well")).ToBeVisibleAsync();
        await Expect(page.Locator(".nodes tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator(".nodes").GetByText("Ready", new() { Exact = true })).ToHaveCountAsync(2);
        await Expect(page.Locator(".figure").Filter(new() { HasText = "Nodes" })).ToContainTextAsync("2 of 2");
        await Expect(page.Locator(".plot canvas")).ToHaveCountAsync(4);

        // A rate takes two samples.
        await Expect(page.Locator(".figure").Filter(new() { HasText = "Messages" }).Locator("dd")).ToHaveTextAsync(new Regex(@"[0-9]/s$"));
        var ticks = await page.EvaluateAsync<string[]>("() => written.get('Sockets by pool').filter((text) => !text.includes(':'))");
        Assert.NotEmpty(ticks);
        Assert.All(ticks, tick => Assert.Matches("^[0-9,]+$", tick));
        await page.Locator(".plot summary").First.ClickAsync();
        await Expect(page.Locator(".plot details[open] tbody tr").First).ToBeVisibleAsync();
        console.Person.AssertNoComplaints();
    }

    [Fact]
    public async Task A_Hidden_Page_Asks_For_Nothing()
    {
        var console = await SignInAsync();
        await console.Page.Clock.InstallAsync();
        await console.GoAsync("status");
        await Expect(console.Page.Locator(".plot canvas")).ToHaveCountAsync(4);
        var asked = 0;
        console.Page.Request += (_, request) => asked += request.Url.EndsWith("/api/status", StringComparison.Ordinal) ? 1 : 0;
        await console.Page.EvaluateAsync("() => Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })");
        asked = 0;
        await console.Page.Clock.RunForAsync(20_000);
        Assert.Equal(0, asked);

        await console.Page.RunAndWaitForResponseAsync(
            () => console.Page.EvaluateAsync(
                """
                () => {
                  Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
                  document.dispatchEvent(new Event('visibilitychange'));
                }
                """),
            "**/api/status");
    }

    [Fact]
    public async Task A_Page_That_Comes_Back_Into_Sight_Does_Not_Ask_Twice()
    {
        var console = await SignInAsync();
        var asked = 0;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // No answer comes, so nothing more is to be asked.
        await console.Page.RouteAsync("**/api/status", _ =>
        {
            asked++;
            first.TrySetResult();
        });
        await console.GoAsync("status");
        await first.Task.Within("the status to be asked for");
        await console.Page.EvaluateAsync(
            """
            async () => {
              document.dispatchEvent(new Event('visibilitychange'));
              // What was asked for has gone out when this is answered.
              await fetch('/console/icon.svg', { cache: 'no-store' });
            }
            """);
        Assert.Equal(1, asked);
    }
}
