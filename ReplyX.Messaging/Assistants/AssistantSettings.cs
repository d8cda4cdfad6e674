namespace ReplyX.Messaging.Assistants;

/// <summary>How a site's assistant answers.</summary>
/// <param name="Enabled">Whether it does.</param>
/// <param name="Kind">Who thinks for it.</param>
/// <param name="Endpoint">Where the model is; not used by a scripted assistant.</param>
/// <param name="Model">The model's name there.</param>
/// <param name="Instructions">What the model is told about the site and how it is to speak.</param>
/// <param name="EncryptedKey">The endpoint's API key as the service that stored it has encrypted it; null if there is none.</param>
/// <param name="TimeoutSeconds">How long an answer may take before a human is asked instead.</param>
/// <param name="Answers">The site's questions and answers.</param>
/// <param name="Fallback">What a scripted assistant says to a question that is like none of them; empty for a sentence of our own.</param>
/// <param name="HandoverWords">What a visitor writes to get a human, beside the words that every site has.</param>
public sealed record AssistantSettings(
    bool Enabled,
    AssistantKind Kind,
    string Endpoint,
    string Model,
    string Instructions,
    string? EncryptedKey,
    int TimeoutSeconds,
    IReadOnlyList<AssistantAnswer> Answers,
    string Fallback,
    IReadOnlyList<string> HandoverWords)
{
    /// <summary>How long an answer may take where a site does not say.</summary>
    public const int DefaultTimeoutSeconds = 30;

    /// <summary>A site's assistant before anybody has set it up: it does not answer.</summary>
    public static AssistantSettings None { get; } =
        new(Enabled: false, AssistantKind.Scripted, "", "", "", null, DefaultTimeoutSeconds, [], "", []);

    /// <summary>Keys and texts do not belong into a log.</summary>
    public override string ToString() => nameof(AssistantSettings);
}

/// <summary>A question that visitors ask, and the site's answer to it.</summary>
/// <param name="Question">The question; more ways to ask it stand on lines of their own.</param>
/// <param name="Answer">The answer.</param>
public sealed record AssistantAnswer(string Question, string Answer);

/// <summary>A site as its assistant's work is kept: by itself.</summary>
/// <param name="Account">The account.</param>
/// <param name="SiteId">The site's id.</param>
public readonly record struct AssistantSite(string Account, string SiteId)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Account} {SiteId}";

    internal static AssistantSite? Parse(string? text) => text?.Split(' ') is [var account, var site] ? new AssistantSite(account, site) : null;
}
