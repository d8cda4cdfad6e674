using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>
/// Sends the last telemetry when the service has stopped, within a short time. By default the providers are shut down one after the other
/// when they are disposed, each within 5 s: without a collector and with retries on, a stop took 15 s longer. OpenTelemetry has no setting
/// for that. A provider that was shut down here is not shut down again, so its disposal does not wait.
/// </summary>
/// <remarks>A service that fails at its start is disposed without a stop. This is disposed before the providers, which were created earlier.</remarks>
internal sealed class FlushOnStop(LoggerProvider logs, MeterProvider metrics, TracerProvider traces) : IHostedLifecycleService, IDisposable
{
    // A working collector accepts a full queue of 2,048 spans in some tens of milliseconds.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private Task? _flush;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Flushes after every other part has stopped, so that their last telemetry is sent too.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => FlushAsync();

    public void Dispose() => FlushAsync().GetAwaiter().GetResult();

    private Task FlushAsync()
    {
        lock (_gate)
        {
            return _flush ??= ShutDownAsync();
        }
    }

    // In parallel, since each may need the whole time, and on their own threads, since each blocks its thread.
    private async Task ShutDownAsync()
    {
        var timeout = (int)_timeout.TotalMilliseconds;
        var all = Task.WhenAll(
            Start(() => traces.Shutdown(timeout)), Start(() => metrics.Shutdown(timeout)), Start(() => logs.Shutdown(timeout)));

        // They respect the timeout. If one does not, it must not delay the stop either.
        await Task.WhenAny(all, Task.Delay(_timeout * 1.2)).ConfigureAwait(false);
    }

    private static Task<bool> Start(Func<bool> shutdown) =>
        Task.Factory.StartNew(shutdown, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
