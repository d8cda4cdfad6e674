using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using ReplyX.E2E.Tests.Browser;
using ReplyX.Testing;
using static Microsoft.Playwright.Assertions;

namespace ReplyX.E2E.Tests.Embedding;

/// <summary>What the widget costs the page that it is on. The figures are written out, for docs/widget.md.</summary>
public sealed class CostTests(BrowserGraph graph, ITestOutputHelper output) : BrowserTest(graph)
{
    private const int MostLoaderBytes = 6 * 1024;

    /// <summary>What a browser calls a long task (W3C Long Tasks).</summary>
    private const double LongTaskMilliseconds = 50;

    private const int Rounds = 5;

    [Fact]
    public async Task The_Loader_Shifts_Nothing_And_Has_No_Long_Task()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        await page.AddInitScriptAsync(
            """
            window.shifts = [];
            new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value))).observe({ type: 'layout-shift', buffered: true });
            """);
        var session = await visitor.Context.NewCDPSessionAsync(page);
        ConcurrentQueue<JsonElement> events = [];
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Event("Tracing.dataCollected").OnEvent += (_, data) =>
        {
            foreach (var item in data!.Value.GetProperty("value").EnumerateArray())
            {
                events.Enqueue(item.Clone());
            }
        };
        session.Event("Tracing.tracingComplete").OnEvent += (_, _) => complete.TrySetResult();
        await session.SendAsync("Tracing.start", new Dictionary<string, object> { ["categories"] = "devtools.timeline,disabled-by-default-v8.compile,v8", ["transferMode"] = "ReportEvents" });

        var widget = await Widget.OnAsync(Graph, page);
        await widget.OpenAsync();
        await widget.Chat.SaySafelyAsync("Hello");
        await widget.Launcher.ClickAsync();
        await Expect(widget.Chat.Composer).Not.ToBeVisibleAsync();
        await session.SendAsync("Tracing.end");
        await complete.Task.Within("the trace");

        // Of the processor, since this machine may be busy with other things.
        var work = events.Where(item => Url(item).EndsWith("/widget.js", StringComparison.Ordinal) && item.TryGetProperty("tdur", out _))
            .Select(item => (Name: item.GetProperty("name").GetString()!, Milliseconds: item.GetProperty("tdur").GetDouble() / 1_000))
            .ToList();
        Assert.Contains(work, item => item.Name == "EvaluateScript");
        Assert.Contains(work, item => item.Name == "FunctionCall");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"longest piece of the loader's work: {work.Max(item => item.Milliseconds):0.0} ms of {work.Count} pieces"));
        Assert.All(work, item => Assert.True(item.Milliseconds < LongTaskMilliseconds, string.Create(CultureInfo.InvariantCulture, $"{item.Name} took {item.Milliseconds:0} ms.")));
        Assert.Empty(await page.EvaluateAsync<double[]>("() => shifts"));
    }

    [Fact]
    public async Task The_Loader_Is_Small_On_The_Wire()
    {
        var visitor = await ComeToDeskAsync();
        var page = await visitor.Context.NewPageAsync();
        ConcurrentQueue<IResponse> responses = [];
        page.Response += (_, response) => responses.Enqueue(response);
        var widget = await Widget.OnAsync(Graph, page);
        await widget.OpenAsync();

        var sizes = new List<(string Path, int Bytes)>();
        foreach (var response in responses.Where(response => response.Url.StartsWith(Widget.Origin(Graph.Api), StringComparison.Ordinal)))
        {
            sizes.Add((new Uri(response.Url).AbsolutePath, (await response.Request.SizesAsync()).ResponseBodySize));
        }

        var loader = Assert.Single(sizes, size => size.Path == "/widget.js").Bytes;
        using var http = new HttpClient { BaseAddress = Graph.Api };
        var gzipped = await LoaderAsync(http, "gzip");
        output.WriteLine($"loader: {loader} bytes (br), {gzipped} (gzip); chat page: {sizes.Where(size => size.Path != "/widget.js").Sum(size => size.Bytes)} bytes in {sizes.Count - 1} files");
        Assert.True(gzipped < MostLoaderBytes, $"The loader has {gzipped} bytes.");
        Assert.True(loader <= gzipped);
    }

    [Fact]
    public async Task The_Chat_Is_Usable_Soon_After_The_Page_Is_Loaded()
    {
        List<double> coming = [], returning = [];
        for (var i = 0; i < Rounds; i++)
        {
            var visitor = await ComeToDeskAsync();
            var page = await visitor.Context.NewPageAsync();
            foreach (var times in new[] { coming, returning })
            {
                var clock = Stopwatch.StartNew();
                await page.GotoAsync(ChatView.Address(Graph).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
                var chat = ChatView.In(page);
                await Expect(chat.Composer).ToBeEditableAsync();
                await Expect(chat.OthersBubbles.First).ToBeVisibleAsync();
                if (times == returning)
                {
                    await Expect(chat.Up).ToBeVisibleAsync();
                }

                times.Add(clock.Elapsed.TotalMilliseconds);
                await chat.SaySafelyAsync("Hello");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"page load to usable chat, median of {Rounds}: {Median(coming):0} ms for a new visitor; {Median(returning):0} ms for one who comes back, with history and socket"));
    }

    private static async Task<int> LoaderAsync(HttpClient http, string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/widget.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        using var response = await http.SendAsync(request, TestTimeout.Token());
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.Single());
        return (await response.Content.ReadAsByteArrayAsync(TestTimeout.Token())).Length;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Url(JsonElement item) =>
        item.TryGetProperty("args", out var args) && args.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("url", out var url)
            ? url.GetString() ?? ""
            : "";
}
