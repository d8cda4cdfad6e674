using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ReplyX.Testing;

/// <summary>
/// Keeps the spans that ended, and tells of each. Sources have no owner: it hears every service of the process, so a test that counts
/// must run alone.
/// </summary>
public sealed class Spans : BaseProcessor<Activity>
{
    private readonly SemaphoreSlim _ended = new(0);

    public ConcurrentQueue<Activity> All { get; } = new();

    /// <summary>An address where no collector is: a service that is told it makes spans, and they reach the test alone.</summary>
    public static string NoCollector { get; } = $"http://127.0.0.1:{FreePort.Next()}";

    /// <summary>Hears a service's spans.</summary>
    public void AddTo(IHostApplicationBuilder service) =>
        service.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(this));

    public override void OnEnd(Activity data)
    {
        All.Enqueue(data);
        _ended.Release();
    }

    public async Task<Activity> WaitForAsync(Func<Activity, bool> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (All.FirstOrDefault(wanted) is { } span)
            {
                return span;
            }

            await _ended.WaitAsync(cancellationToken);
        }
    }
}
