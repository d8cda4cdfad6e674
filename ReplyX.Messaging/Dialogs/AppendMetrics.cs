using System.Diagnostics.Metrics;
using ReplyX.Messaging.Telemetry;

namespace ReplyX.Messaging.Dialogs;

/// <summary>How long appends take. docs/observability.md lists it.</summary>
internal sealed class AppendMetrics
{
    private readonly Histogram<double> _duration;

    private readonly LabelledCounts _unreplicated = new();

    public AppendMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MessagingTelemetry.MeterName);
        _duration = meter.CreateHistogram<double>("dialog_append_duration", "s", "One append to a dialog's log, there and back, by outcome.");
        meter.CreateObservableCounter(
            "dialog_appends_unreplicated", _unreplicated.Read, description: "Appends that were not acknowledged for want of replicas.");
    }

    /// <summary>An append has ended.</summary>
    /// <param name="outcome">How; null if Redis did not answer.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Ended(AppendOutcome? outcome, TimeSpan elapsed) =>
        _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", Label(outcome)));

    /// <summary>An append is in the log, and too few replicas have it.</summary>
    public void Unreplicated() => _unreplicated.Add(1);

    private static string Label(AppendOutcome? outcome) => outcome switch
    {
        AppendOutcome.Appended => "appended",
        AppendOutcome.Duplicate => "duplicate",
        null => "failed",
        _ => "refused",
    };
}
