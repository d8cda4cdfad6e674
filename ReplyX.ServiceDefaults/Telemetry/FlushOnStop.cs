using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>
/// Sends the last telemetry when the service has stopped, and gives up soon. Left to themselves the providers are shut down one after
/// the other as they are disposed, each within 5 s: with a collector that is gone and retries on, a stop took 15 s longer, and whoever
/// started the service took it for an orphan. No setting of OpenTelemetry bounds that. A provider that was shut down once is not again,
/// so that its disposal waits for nothing.
/// </summary>
/// <remarks>A service that fails at its start is disposed without a stop. The providers were made before this, so it is disposed first.</remarks>
internal sealed class FlushOnStop(LoggerProvider logs, MeterProvider metrics, TracerProvider traces) : IHostedLifecycleService, IDisposable
{
    // A collector that lives takes a full queue of 2,048 spans in some tens of milliseconds.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private Task? _flush;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Flushes when every other part has stopped: what those said at their end goes along.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => FlushAsync();

    public void Dispose() => FlushAsync().GetAwaiter().GetResult();

    private Task FlushAsync()
    {
        lock (_gate)
        {
            return _flush ??= ShutDownAsync();
        }
    }

    // All at once, since each may need all the time there is; on threads of their own, since each blocks its thread.
    private async Task ShutDownAsync()
    {
        var timeout = (int)_patience.TotalMilliseconds;
        var all = Task.WhenAll(
            Start(() => traces.Shutdown(timeout)), Start(() => metrics.Shutdown(timeout)), Start(() => logs.Shutdown(timeout)));

        // They keep to the time that they are given. If one should not, it must not hold up the stop either.
        await Task.WhenAny(all, Task.Delay(_patience * 1.2)).ConfigureAwait(false);
    }

    private static Task<bool> Start(Func<bool> shutdown) =>
        Task.Factory.StartNew(shutdown, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
