using System.Net.Http.Headers;

namespace ReplyX.Bench.Telemetry;

/// <summary>Asks services for their metrics, as Prometheus does.</summary>
internal sealed class Scraper : IDisposable
{
    // A series that every service has from its start on.
    private const string OwnSeries = "replyx_build_info";

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly IReadOnlyList<Uri> _services;

    public Scraper(IReadOnlyList<Uri> services, string token)
    {
        _services = services;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4");
    }

    /// <summary>Takes what every service shows, once.</summary>
    public Task<string[]> ScrapeAsync(CancellationToken cancel)
        => Task.WhenAll(_services.Select(service => _http.GetStringAsync(new Uri(service, "/metrics"), cancel)));

    /// <summary>Holds what services show against what they should.</summary>
    /// <exception cref="BenchException">Metrics are on that should be off, or off that should be on.</exception>
    public async Task CheckAsync(TelemetryConfiguration configuration, CancellationToken cancel)
    {
        foreach (var page in await ScrapeAsync(cancel))
        {
            var isAsMeant = configuration.HasMetrics ? page.Contains(OwnSeries, StringComparison.Ordinal) : !HasSeries(page);
            if (!isAsMeant)
            {
                throw new BenchException($"{configuration.Name}: /metrics {(configuration.HasMetrics ? "lacks the service's series" : "has series")}");
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool HasSeries(string page) => page.Split('\n').Any(line => line.Length > 0 && line[0] != '#');
}
