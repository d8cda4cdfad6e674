using System.Text.Json;
using ReplyX.Client;
using ReplyX.Distributed.Tests.Graph;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests.Observability;

/// <summary>docs/observability.md and what a live graph exposes are the same list.</summary>
[Collection(OnRedisServer.Name)]
public sealed class DocumentedMetricsTests
{
    // A histogram without values is not exposed, and no dialog is spread here.
    private const string OfSpreadDialogs = "dialog_projection_duration_seconds";

    private readonly GraphFixture _graph;
    private readonly DocumentedMetrics _documented = DocumentedMetrics.Read();

    public DocumentedMetricsTests(RedisServerGraph graph)
    {
        graph.Require();
        _graph = graph;
    }

    [Fact]
    public async Task What_services_expose_is_what_is_documented()
    {
        await using var open = await OpenSocketAsync();
        await new GraphTraffic(_graph).RunAsync();

        await AssertAsync("api", metric => metric.OfApi);
        await AssertAsync("realtime", metric => metric.OfRealtime);
    }

    private async Task AssertAsync(string job, Func<DocumentedMetric, bool> isOf)
    {
        var expected = _documented.All.Where(isOf).ToDictionary(metric => metric.Family);
        Assert.NotEmpty(expected);

        // A ping to a client and a probe of the backplane come every few seconds only.
        var deadline = TestTimeout.Token(TimeSpan.FromSeconds(30));
        List<Scrape> scrapes;
        List<string> missing;
        do
        {
            scrapes = await ScrapeAsync(job);
            missing = [.. expected.Keys.Where(family => family != OfSpreadDialogs && !scrapes.Exists(scrape => scrape.Of(family).Any()))];
        }
        while (missing.Count > 0 && !await IsOverAsync(deadline));

        Assert.True(missing.Count == 0, $"{job} does not expose what is documented: {string.Join(", ", missing)}");
        foreach (var scrape in scrapes)
        {
            var unknown = scrape.Families.Keys.Where(family => !expected.ContainsKey(family) && !IsOfLibrary(family)).ToList();
            Assert.True(unknown.Count == 0, $"{job} exposes what is not documented: {string.Join(", ", unknown)}");
            foreach (var (family, kind) in scrape.Families.Where(family => expected.ContainsKey(family.Key)))
            {
                Assert.True(expected[family].Kind == kind, $"{family} is a {kind} and documented as a {expected[family].Kind}");
                Assert.All(scrape.Of(family), sample => AssertLabels(expected[family], sample));
            }
        }
    }

    private void AssertLabels(DocumentedMetric metric, ScrapedSample sample)
    {
        Assert.Equal(metric.Labels.Order(), sample.Labels.Keys.Where(label => label != "le").Order());
        foreach (var (label, value) in sample.Labels.Where(label => label.Key != "le"))
        {
            // Close codes of our own are on a page of their own, and numbers.
            if (_documented.ValuesOf(metric.Family, label) is { } values && !int.TryParse(value, out _))
            {
                Assert.True(values.Contains(value), $"{metric.Family} has {label}=\"{value}\", which is not documented");
            }
        }
    }

    private bool IsOfLibrary(string family) => _documented.Libraries.Any(name => name == family || (name.EndsWith('_') && family.StartsWith(name, StringComparison.Ordinal)));

    private async Task<List<Scrape>> ScrapeAsync(string job)
    {
        using var http = new HttpClient { BaseAddress = _graph.Api };
        using var targets = JsonDocument.Parse(await http.GetStringAsync("/internal/prometheus/targets", TestTimeout.Token()));
        List<Scrape> scrapes = [];
        foreach (var labels in targets.RootElement.EnumerateArray().Select(target => target.GetProperty("labels")))
        {
            if (labels.GetProperty("job").GetString() == job)
            {
                scrapes.Add(Scrape.Parse(await http.GetStringAsync(labels.GetProperty("__metrics_path__").GetString(), TestTimeout.Token())));
            }
        }

        Assert.NotEmpty(scrapes);
        return scrapes;
    }

    private async Task<ReplyXConnection> OpenSocketAsync()
    {
        using var http = new HttpClient { BaseAddress = _graph.Api };
        var visitor = new VisitorSession(
            new ReplyXApiClient(http), (await new ReplyXApiClient(http).OpenWidgetDialogAsync("demo", cancellationToken: TestTimeout.Token())).Require());
        var socket = new ReplyXConnection(visitor.ConnectionOptions());
        await socket.ConnectAsync(TestTimeout.Token());
        return socket;
    }

    private static async Task<bool> IsOverAsync(CancellationToken deadline)
    {
        await Task.Delay(500, CancellationToken.None);
        return deadline.IsCancellationRequested;
    }
}
