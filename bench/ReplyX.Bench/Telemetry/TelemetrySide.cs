using System.Security.Cryptography;
using ReplyX.Bench.Peers;

namespace ReplyX.Bench.Telemetry;

/// <summary>The servers of one configuration, which run beside those of the others for a round, each with a Redis of its own.</summary>
internal sealed class TelemetrySide : IAsyncDisposable
{
    private readonly OtlpSink _sink;
    private readonly Scraper _scraper;

    private TelemetrySide(TelemetryConfiguration configuration, Peer peer, RunningPeer running, OtlpSink sink, string token)
    {
        (Configuration, Peer, Running, _sink) = (configuration, peer, running, sink);
        _scraper = new Scraper(running.Services, token);
    }

    public TelemetryConfiguration Configuration { get; }

    public Peer Peer { get; }

    public RunningPeer Running { get; }

    /// <summary>What it exported up to now.</summary>
    public ExportedItems Exported => _sink.Taken;

    public static async Task<TelemetrySide> StartAsync(TelemetryConfiguration configuration, CancellationToken cancel)
    {
        var sink = new OtlpSink();
        try
        {
            var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            var peer = new ReplyXPeer(sendsOverHttp: true, more: configuration.Settings(token, sink.Address));
            return new TelemetrySide(configuration, peer, await peer.StartAsync(cancel), sink, token);
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }
    }

    /// <summary>Scrapes the services, if the configuration is scraped.</summary>
    public Task ScrapeAsync(CancellationToken cancel) => Configuration.HasMetrics ? _scraper.ScrapeAsync(cancel) : Task.CompletedTask;

    /// <summary>Makes sure that what should be off is off, and what should be on is on.</summary>
    /// <param name="afterLoad">Whether there was something to export.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="BenchException">It is not so.</exception>
    public async Task CheckAsync(bool afterLoad, CancellationToken cancel)
    {
        await _scraper.CheckAsync(Configuration, cancel);
        if (Configuration.Exports ? afterLoad && Exported.Spans == 0 : Exported.Bytes > 0)
        {
            throw new BenchException($"{Configuration.Name}: {(Configuration.Exports ? "no span came" : "something was exported")}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The sink is last: services flush to it when they stop.
        await Running.DisposeAsync();
        _scraper.Dispose();
        await _sink.DisposeAsync();
    }
}
