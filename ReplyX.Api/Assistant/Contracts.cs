using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Assistant;

/// <summary>A question that visitors ask, more ways to ask it on lines of their own, and the answer.</summary>
internal sealed record AnswerView(string? Question, string? Answer);

/// <summary>How a site's assistant answers. The key of its endpoint is never told, only whether there is one.</summary>
internal sealed record AssistantView(
    bool Enabled,
    AssistantKind Kind,
    string Endpoint,
    string Model,
    string Instructions,
    bool HasKey,
    int TimeoutSeconds,
    IReadOnlyList<AnswerView> Answers,
    string Fallback,
    IReadOnlyList<string> HandoverWords)
{
    public static AssistantView Of(AssistantSettings settings) => new(
        settings.Enabled,
        settings.Kind,
        settings.Endpoint,
        settings.Model,
        settings.Instructions,
        settings.EncryptedKey is not null,
        settings.TimeoutSeconds,
        [.. settings.Answers.Select(answer => new AnswerView(answer.Question, answer.Answer))],
        settings.Fallback,
        settings.HandoverWords);
}

/// <summary>Replaces a site's assistant; what is missing gets its default. Of <c>api_key</c> null keeps the one there is, and "" removes it.</summary>
internal sealed record SaveAssistant(
    bool Enabled,
    AssistantKind Kind,
    string? Endpoint,
    string? Model,
    string? Instructions,
    string? ApiKey,
    int? TimeoutSeconds,
    IReadOnlyList<AnswerView?>? Answers,
    string? Fallback,
    IReadOnlyList<string?>? HandoverWords)
{
    public override string ToString() => nameof(SaveAssistant);
}

/// <summary>A question to try the assistant with.</summary>
internal sealed record TryAssistant(string? Text);

/// <summary>What the assistant would answer, or that it would ask for a human.</summary>
internal sealed record TriedAssistant(
    string Answer,
    AssistantKind Kind,
    bool Handover,
    long LatencyMs);
