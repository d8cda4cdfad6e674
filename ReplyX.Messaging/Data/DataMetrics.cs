using System.Diagnostics.Metrics;
using ReplyX.Messaging.Telemetry;

namespace ReplyX.Messaging.Data;

/// <summary>The instruments of exports and erasures. docs/observability.md lists them.</summary>
internal sealed class DataMetrics
{
    private static readonly IReadOnlyList<string> _kinds = EnumLabels.Of<DataJobKind>();

    private readonly LabelledCounts _ended = new(("kind", _kinds), ("outcome", ["done", "failed"]));
    private readonly LabelledCounts _faults = new(("kind", _kinds));
    private readonly LabelledCounts _running = new(("kind", _kinds));

    public DataMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MessagingTelemetry.MeterName);
        meter.CreateObservableCounter("data_jobs", _ended.Read, description: "Exports and erasures that have ended, by outcome.");
        meter.CreateObservableCounter("data_job_faults", _faults.Read, description: "Attempts of exports and erasures that failed, and not for want of Redis or a disk.");
        meter.CreateObservableGauge("data_jobs_running", _running.Read, description: "Exports and erasures that this process is at.");
    }

    public void Ended(DataJobKind kind, bool isDone) => _ended.Add(1, (int)kind, isDone ? 0 : 1);

    public void Faulted(DataJobKind kind) => _faults.Add(1, (int)kind);

    public void Began(DataJobKind kind) => _running.Add(1, (int)kind);

    public void Left(DataJobKind kind) => _running.Add(-1, (int)kind);
}
