using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace ReplyX.ServiceDefaults.Telemetry;

/// <summary>What a dashboard wants to know of every process and .NET does not tell. docs/observability.md lists it.</summary>
internal sealed class ProcessMetrics
{
    public ProcessMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("ReplyX.Process");
        var version = KeyValuePair.Create("version", (object?)ServiceVersion.Current);
        meter.CreateObservableGauge("replyx_build_info", () => new Measurement<int>(1, version), description: "1; the version that runs.");

        using var process = Process.GetCurrentProcess();
        var startedAt = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000d;
        meter.CreateObservableGauge("process_start_time", () => startedAt, "s", "When the process started, in Unix time.");

        meter.CreateObservableGauge("process_memory_limit", MemoryLimit.Read, "By", "The memory that the process may use.");
    }
}
