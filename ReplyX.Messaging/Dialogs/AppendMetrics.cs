using System.Diagnostics.Metrics;

namespace ReplyX.Messaging.Dialogs;

/// <summary>How long appends take. docs/observability.md lists it.</summary>
internal sealed class AppendMetrics
{
    private readonly Histogram<double> _duration;

    public AppendMetrics(IMeterFactory meters) => _duration = meters.Create(MessagingTelemetry.MeterName).CreateHistogram<double>(
        "dialog_append_duration", "s", "One append to a dialog's log, there and back, by outcome.");

    /// <summary>An append has ended.</summary>
    /// <param name="outcome">How; null if Redis did not answer.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Ended(AppendOutcome? outcome, TimeSpan elapsed) =>
        _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("outcome", Label(outcome)));

    private static string Label(AppendOutcome? outcome) => outcome switch
    {
        AppendOutcome.Appended => "appended",
        AppendOutcome.Duplicate => "duplicate",
        null => "failed",
        _ => "refused",
    };
}
