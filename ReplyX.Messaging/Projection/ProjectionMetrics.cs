using System.Diagnostics.Metrics;

namespace ReplyX.Messaging.Projection;

/// <summary>How far lists are behind dialogs. docs/observability.md lists it.</summary>
internal sealed class ProjectionMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failures;

    public ProjectionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MessagingTelemetry.MeterName);
        _duration = meter.CreateHistogram<double>(
            "dialog_projection_duration", "s", "From an append to its account's lists: of the oldest of those that are told at once.");
        _failures = meter.CreateCounter<long>("dialog_projection_failures", description: "Times that a partition's outbox could not be told; it is tried again.");
        _failures.Add(0);
    }

    public void Told(TimeSpan elapsed) => _duration.Record(Math.Max(0, elapsed.TotalSeconds));

    public void Failed() => _failures.Add(1);
}
