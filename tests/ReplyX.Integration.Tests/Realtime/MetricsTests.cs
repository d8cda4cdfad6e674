using System.Text.RegularExpressions;
using ReplyX.Integration.Tests.Hosting;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.Telemetry;
using ReplyX.Testing;

namespace ReplyX.Integration.Tests.Realtime;

/// <summary>
/// What is there before anything happens. Each service is a process of its own, since an exporter listens to all meters of its process.
/// </summary>
public sealed partial class MetricsTests
{
    // Their codes are not bounded by a list, and Redis has its own count.
    private static readonly string[] _withoutZero = ["websocket_disconnects_total", "replyx_api_problems_total", "redis_commands_processed_total"];

    [Fact]
    public async Task The_first_scrape_has_every_type_and_every_error_at_zero_and_the_docs_list_the_same()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        await using var node = await PublishedService.StartAsync("ReplyX.Realtime", PublishedService.Settings(redis.ConnectionString));
        using var http = new HttpClient { BaseAddress = node.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", PublishedService.MetricsToken);

        var text = await http.GetStringAsync("/metrics", TestTimeout.Token());

        string[] kinds = ["widget", "site", "operator", "list"];
        Assert.Equal(kinds, AtZero(text, "websocket_connections_total"));
        Assert.Equal(kinds, AtZero(text, "websocket_messages_sent_total"));
        Assert.Equal(kinds, SocketRoutes.All.Select(route => route.Type));
        Assert.Equal(ConnectionErrors.Labels, AtZero(text, "websocket_connection_errors_total"));
        AssertEveryCounterAtZero(Scrape.Parse(text), metric => metric.OfRealtime);

        var limits = await File.ReadAllLinesAsync(Repository.File("docs", "websocket", "limits.md"), TestTimeout.Token());
        var listed = limits.Select(line => OnlyQuoted().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        Assert.Subset(ConnectionErrors.Labels.ToHashSet(), listed.Where(name => name != "error_type").ToHashSet());
    }

    [Fact]
    public async Task The_first_scrape_of_the_Api_has_every_counter_at_zero()
    {
        await using var redis = await RedisServer.StartAsync(RedisKind.Redis);
        var settings = PublishedService.Settings(redis.ConnectionString);
        settings["Secrets__Key"] = "a key for secrets in tests that is long enough";
        await using var service = await PublishedService.StartAsync("ReplyX.Api", settings);
        using var http = new HttpClient { BaseAddress = service.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", PublishedService.MetricsToken);

        AssertEveryCounterAtZero(Scrape.Parse(await http.GetStringAsync("/metrics", TestTimeout.Token())), metric => metric.OfApi);
    }

    // Every combination of the documented values of its labels, and no other.
    private static void AssertEveryCounterAtZero(Scrape scrape, Func<DocumentedMetric, bool> isOf)
    {
        var documented = DocumentedMetrics.Read();
        foreach (var counter in documented.All.Where(metric => isOf(metric) && metric.Kind == "counter" && !_withoutZero.Contains(metric.Family)))
        {
            IEnumerable<string> expected = [""];
            foreach (var label in counter.Labels.Order())
            {
                expected = [.. expected.SelectMany(before => documented.ValuesOf(counter.Family, label)!.Select(value => $"{before} {label}={value}"))];
            }

            var samples = scrape.Of(counter.Family).ToList();
            Assert.Equal(
                expected.Order(StringComparer.Ordinal),
                samples.Select(sample => string.Concat(sample.Labels.OrderBy(label => label.Key).Select(label => $" {label.Key}={label.Value}"))).Order(StringComparer.Ordinal));
            Assert.All(samples, sample => Assert.Equal(0, sample.Value));
        }
    }

    // The values of a series' only label, in the order of the scrape, of those that stand at zero.
    private static IEnumerable<string> AtZero(string scrape, string series) => scrape.Split('\n')
        .Where(line => line.StartsWith(series + "{", StringComparison.Ordinal) && line.Split(' ')[1] == "0")
        .Select(line => line.Split('"')[1]);

    // A row whose last cell is one word in quotes.
    [GeneratedRegex(@"^\| .*\| `([a-z_]+)` \|$")]
    private static partial Regex OnlyQuoted();
}
