using System.Diagnostics.Metrics;
using ReplyX.Messaging.Telemetry;

namespace ReplyX.Messaging.Archive;

/// <summary>The archive's instruments. docs/observability.md lists them.</summary>
internal sealed class ArchiveMetrics
{
    private readonly Meter _meter;
    private readonly LabelledCounts _segments = new();
    private readonly LabelledCounts _trimmed = new();
    private readonly LabelledCounts _deletions = new();
    private readonly LabelledCounts _rested = new();
    private readonly LabelledCounts _expired = new();
    private readonly LabelledCounts _dropped = new();
    private readonly LabelledCounts _moved = new();
    private readonly LabelledCounts _diskErrors = new();
    private readonly LabelledCounts _failures = new(("reason", EnumLabels.Of<ArchiveFailure>()));

    public ArchiveMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MessagingTelemetry.MeterName);
        _meter.CreateObservableCounter("archive_segments", _segments.Read, description: "Segments stored and marked.");
        _meter.CreateObservableCounter("archive_trimmed_events", _trimmed.Read, description: "Archived events taken out of their logs.");
        _meter.CreateObservableCounter("archive_failures", _failures.Read, description: "Dialogs whose archiving failed, by reason.");
        _meter.CreateObservableCounter("archive_retention_deletions", _deletions.Read, description: "Segments deleted for their age.");
        _meter.CreateObservableCounter("archive_idle_dialogs", _rested.Read, description: "Idle dialogs whose logs went to the archive whole.");
        _meter.CreateObservableCounter("archive_expired_dialogs", _expired.Read, description: "Dialogs deleted whole for their age.");
        _meter.CreateObservableCounter("archive_hints_dropped", _dropped.Read, description: "Dialogs not queued for archiving since the queue was full.");
        _meter.CreateObservableCounter("archive_moved_segments", _moved.Read, description: "Segments moved from Redis to files.");
        _meter.CreateObservableCounter("archive_disk_errors", _diskErrors.Read, description: "Uses of the archive's files that failed.");
    }

    /// <summary>Shows how many dialogs wait, and how long the first of them has.</summary>
    public void Watch(Func<int> waiting, Func<TimeSpan> age)
    {
        _meter.CreateObservableGauge("archive_queued_dialogs", waiting, description: "Dialogs that wait to be archived.");
        _meter.CreateObservableGauge("archive_queue_age", () => age().TotalSeconds, "s", "How long the one that is archived now, or comes next, has waited.");
    }

    public void Archived() => _segments.Add(1);

    public void Trimmed(int events) => _trimmed.Add(events);

    public void Failed(ArchiveFailure reason) => _failures.Add(1, (int)reason);

    public void Deleted(int segments) => _deletions.Add(segments);

    public void Rested() => _rested.Add(1);

    public void Expired() => _expired.Add(1);

    public void Moved() => _moved.Add(1);

    public void DiskFailed() => _diskErrors.Add(1);

    public void HintDropped() => _dropped.Add(1);
}
