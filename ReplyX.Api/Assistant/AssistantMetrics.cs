using System.Diagnostics.Metrics;
using ReplyX.Api.Assistant.Answering;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Telemetry;

namespace ReplyX.Api.Assistant;

/// <summary>The assistants' instruments. docs/observability.md lists them.</summary>
internal sealed class AssistantMetrics
{
    // By the first text, which a good endpoint has within a second, up to the longest answer that a site may wait for.
    private static readonly InstrumentAdvice<double> _buckets = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120] };
    private static readonly IReadOnlyList<string> _kinds = [.. Enum.GetValues<AssistantKind>().Select(Label)];
    private static readonly IReadOnlyList<string> _reasons = EnumLabels.Of<AnswerFailure>();

    private readonly LabelledCounts _failures = new(("kind", _kinds), ("reason", _reasons));
    private readonly LabelledCounts _handovers = new(("reason", HandoverReasons.Labels));
    private readonly LabelledCounts _running = new();
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstText;

    public AssistantMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(ApiMetrics.MeterName);
        _duration = meter.CreateHistogram("assistant_answer_duration", "s", "From taking a message up to the stored answer, by kind and outcome.", advice: _buckets);
        _firstText = meter.CreateHistogram("assistant_first_text_duration", "s", "From taking a message up to the answer's first word, by kind.", advice: _buckets);
        meter.CreateObservableCounter("assistant_failures", _failures.Read, description: "Answers that failed, by kind and reason.");
        meter.CreateObservableCounter("assistant_handovers", _handovers.Read, description: "Messages for which a human was asked instead, by reason.");
        meter.CreateObservableUpDownCounter("assistant_dialogs_in_work", _running.Read, description: "Dialogs that this instance answers now.");
    }

    public void Ended(AssistantKind kind, string outcome, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new("kind", Label(kind)), new("outcome", outcome));

    public void Began(AssistantKind kind, TimeSpan wait) => _firstText.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("kind", Label(kind)));

    public void Failed(AssistantKind kind, AnswerFailure reason) => _failures.Add(1, (int)kind, (int)reason);

    public void HandedOver(HandoverReason reason) => _handovers.Add(1, (int)reason);

    public void InWork(int change) => _running.Add(change);

    public static string Label(AssistantKind kind) => kind == AssistantKind.OpenAI ? "openai" : "scripted";

    /// <summary>The failure as metrics and logs name it.</summary>
    public static string Label(AnswerFailure failure) => _reasons[(int)failure];
}
