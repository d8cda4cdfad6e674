using System.Diagnostics.Metrics;

namespace ReplyX.Messaging.Archive;

internal sealed class ArchiveMetrics
{
    public const string MeterName = "ReplyX.Messaging";

    private readonly Counter<long> _segments;
    private readonly Counter<long> _trimmed;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _deletions;
    private readonly Counter<long> _dropped;

    public ArchiveMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _segments = meter.CreateCounter<long>("archive_segments", description: "Segments stored and marked.");
        _trimmed = meter.CreateCounter<long>("archive_trimmed_events", description: "Archived events taken out of their logs.");
        _failures = meter.CreateCounter<long>("archive_failures", description: "Dialogs whose archiving failed, by reason.");
        _deletions = meter.CreateCounter<long>("archive_retention_deletions", description: "Segments deleted for their age.");
        _dropped = meter.CreateCounter<long>("archive_hints_dropped", description: "Dialogs not queued for archiving since the queue was full.");
    }

    public void Archived() => _segments.Add(1);

    public void Trimmed(int events) => _trimmed.Add(events);

    public void Failed(string reason) => _failures.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Deleted(int segments) => _deletions.Add(segments);

    public void HintDropped() => _dropped.Add(1);
}
