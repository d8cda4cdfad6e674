using System.Diagnostics.Metrics;
using ReplyX.Api.Assistant.Answering;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Assistant;

/// <summary>The assistants' instruments. docs/assistant.md lists them.</summary>
internal sealed class AssistantMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstText;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _handovers;
    private readonly UpDownCounter<long> _running;

    public AssistantMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("ReplyX.Api");
        _duration = meter.CreateHistogram<double>("assistant_answer_duration", "s", "From taking a message up to the stored answer, by kind and outcome.");
        _firstText = meter.CreateHistogram<double>("assistant_first_text_duration", "s", "From taking a message up to the answer's first word, by kind.");
        _failures = meter.CreateCounter<long>("assistant_failures", description: "Answers that failed, by kind and reason.");
        _handovers = meter.CreateCounter<long>("assistant_handovers", description: "Messages for which a human was asked instead, by reason.");
        _running = meter.CreateUpDownCounter<long>("assistant_dialogs_in_work", description: "Dialogs that this instance answers now.");
    }

    public void Ended(AssistantKind kind, string outcome, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new("kind", Label(kind)), new("outcome", outcome));

    public void Began(AssistantKind kind, TimeSpan wait) => _firstText.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("kind", Label(kind)));

    public void Failed(AssistantKind kind, string reason) => _failures.Add(1, new("kind", Label(kind)), new("reason", reason));

    public void HandedOver(HandoverReason reason) => _handovers.Add(1, new KeyValuePair<string, object?>("reason", reason.ToWire()));

    public void InWork(int change) => _running.Add(change);

    public static string Label(AssistantKind kind) => kind == AssistantKind.OpenAI ? "openai" : "scripted";
}
