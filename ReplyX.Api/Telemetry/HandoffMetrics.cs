using System.Diagnostics.Metrics;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Telemetry;

namespace ReplyX.Api.Telemetry;

/// <summary>How visitors get to humans, and how long they wait. docs/observability.md lists it.</summary>
internal sealed class HandoffMetrics
{
    private static readonly IReadOnlyList<string> _steps = EnumLabels.Of<HandoffStep>();

    private readonly LabelledCounts _taken = new(("step", _steps));
    private readonly Histogram<double> _waiting;
    private readonly TimeProvider _time;

    public HandoffMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(ApiMetrics.MeterName);
        meter.CreateObservableCounter("handoff_steps", _taken.Read, description: "Steps of the handoff that were taken.");

        // People come within seconds, or after lunch.
        _waiting = meter.CreateHistogram(
            "handoff_waiting_duration",
            "s",
            "From asking for a human to what ended the wait, by outcome.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600] });
    }

    /// <summary>A step was taken.</summary>
    /// <param name="step">The step.</param>
    /// <param name="before">The dialog as it was before.</param>
    public void Taken(HandoffStep step, Dialog before)
    {
        _taken.Add(1, (int)step);
        if (step is HandoffStep.Takeover or HandoffStep.Cancel && before.PersonRequestedAt is { } since)
        {
            _waiting.Record(
                Math.Max(0, (_time.GetUtcNow() - since).TotalSeconds), new KeyValuePair<string, object?>("outcome", _steps[(int)step]));
        }
    }

    /// <summary>An assistant has asked for a human.</summary>
    public void Requested() => _taken.Add(1, (int)HandoffStep.Request);
}
