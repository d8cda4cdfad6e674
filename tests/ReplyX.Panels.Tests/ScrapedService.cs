using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ReplyX.Panels.Tests;

/// <summary>A service with a counter, gauges and a histogram, which tells how often it was scraped.</summary>
internal sealed class ScrapedService : IAsyncDisposable
{
    /// <summary>A label's value that is markup, and quotes, wherever it is written without care.</summary>
    public const string Markup = "</text><script>alert('1')</script> & \"more\"";

    private const int Enough = 15;

    // The samples bear times of their own, since scrapes come late on a machine that is busy.
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(0.4);

    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _scraped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _scrapes;

    private ScrapedService(WebApplication app) => _app = app;

    public string Address => new Uri(_app.Urls.Single()).Authority;

    /// <summary>When the last sample is from that tests need.</summary>
    public DateTimeOffset End => _start + (Enough * _between);

    /// <summary>Done when that sample is stored.</summary>
    public Task Scraped => _scraped.Task;

    public static async Task<ScrapedService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var service = new ScrapedService(app);
        app.MapGet("/metrics", service.Metrics);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private string Metrics()
    {
        var scrape = Interlocked.Increment(ref _scrapes);
        // A scrape begins after the one before it was stored.
        if (scrape > Enough)
        {
            _scraped.TrySetResult();
        }

        var at = (_start + (scrape * _between)).ToUnixTimeMilliseconds();
        var markup = Markup.Replace("\"", "\\\"", StringComparison.Ordinal);
        FormattableString metrics = $$"""
            # TYPE requests_total counter
            requests_total{route="/dialogs"} {{scrape * 5}} {{at}}
            requests_total{route="{{markup}}"} {{scrape * 10}} {{at}}
            # TYPE memory_bytes gauge
            memory_bytes 1572864 {{at}}
            # TYPE pool_fill gauge
            pool_fill{pool="widget"} 0.25 {{at}}
            pool_fill{pool="operator"} 0.75 {{at}}
            # TYPE draining gauge
            draining{node="a"} 1 {{at}}
            # TYPE delivery_seconds histogram
            delivery_seconds_bucket{le="0.01"} {{scrape * 20}} {{at}}
            delivery_seconds_bucket{le="0.25"} {{scrape * 30}} {{at}}
            delivery_seconds_bucket{le="+Inf"} {{scrape * 30}} {{at}}
            delivery_seconds_sum {{scrape * 2}} {{at}}
            delivery_seconds_count {{scrape * 30}} {{at}}

            """;
        return metrics.ToString(CultureInfo.InvariantCulture);
    }
}
