using System.Buffers;
using ReplyX.Api.Assistant.Answering;
using ReplyX.Api.Assistant.Clients;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Assistant;

/// <summary>What settings an assistant may have.</summary>
internal sealed class AssistantRules(EndpointHttp http)
{
    private const int MaxAnswers = 200;
    private const int MaxQuestion = 1_000;
    private const int MaxAnswer = 4_000;
    private const int MaxInstructions = 16_000;
    private const int MaxFallback = 1_000;
    private const int MaxUrl = 1_000;
    private const int MaxModel = 200;
    private const int MaxKey = 1_000;
    private const int MaxWords = 50;
    private const int MaxWord = 100;
    private const int MinTimeout = 3;
    private const int MaxTimeout = 120;

    private static readonly SearchValues<char> _printable = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <summary>The settings that a body asks for.</summary>
    /// <param name="body">The body.</param>
    /// <param name="encryptedKey">The endpoint's key, which the body says nothing of here.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>What is wrong with the body; null if nothing is.</returns>
    public Problem? Read(SaveAssistant body, string? encryptedKey, out AssistantSettings settings)
    {
        settings = new AssistantSettings(
            body.Enabled,
            body.Kind,
            body.Endpoint?.Trim() ?? "",
            body.Model?.Trim() ?? "",
            body.Instructions ?? "",
            encryptedKey,
            body.TimeoutSeconds ?? AssistantSettings.DefaultTimeoutSeconds,
            [.. (body.Answers ?? []).Select(answer => new AssistantAnswer(answer?.Question?.Trim() ?? "", answer?.Answer?.Trim() ?? ""))],
            body.Fallback?.Trim() ?? "",
            [.. (body.HandoverWords ?? []).Select(word => word?.Trim() ?? "")]);
        return Check(settings) ?? CheckKey(body.ApiKey);
    }

    private Problem? Check(AssistantSettings settings) => settings switch
    {
        { Kind: not (AssistantKind.Scripted or AssistantKind.OpenAI) } => Problem.Member("kind", "It is scripted or openai."),
        { Kind: AssistantKind.OpenAI, Endpoint: "" } => Problem.Member("endpoint", "A model needs one."),
        { Kind: AssistantKind.OpenAI, Model: "" } => Problem.Member("model", "It is needed."),
        { Endpoint.Length: > 0 } when !IsEndpoint(settings.Endpoint, out var detail) => Problem.Member("endpoint", detail),
        { Model.Length: > MaxModel } => Problem.Member("model", $"At most {MaxModel} characters."),
        { Instructions.Length: > MaxInstructions } => Problem.Member("instructions", $"At most {MaxInstructions} characters."),
        { TimeoutSeconds: < MinTimeout or > MaxTimeout } => Problem.Member("timeout_seconds", $"From {MinTimeout} to {MaxTimeout}."),
        { Answers.Count: > MaxAnswers } => Problem.Member("answers", $"At most {MaxAnswers}."),
        _ when settings.Answers.Any(answer => answer is not { Question.Length: > 0 and <= MaxQuestion, Answer.Length: > 0 and <= MaxAnswer }) =>
            Problem.Member("answers", $"Each has a question of 1 to {MaxQuestion} and an answer of 1 to {MaxAnswer} characters."),
        { Kind: AssistantKind.OpenAI } when settings.Answers.Sum(answer => answer.Question.Length + answer.Answer.Length) > Prompt.MostAnswers =>
            Problem.Member("answers", $"At most {Prompt.MostAnswers} characters in all: a model is told every one."),
        { Fallback.Length: > MaxFallback } => Problem.Member("fallback", $"At most {MaxFallback} characters."),
        { HandoverWords.Count: > MaxWords } => Problem.Member("handover_words", $"At most {MaxWords}."),
        _ when settings.HandoverWords.Any(word => word.Length is 0 or > MaxWord || Words.Split(word).Count == 0) =>
            Problem.Member("handover_words", $"Each has 1 to {MaxWord} characters and a letter."),
        _ => null,
    };

    private static Problem? CheckKey(string? key) => key is { Length: > MaxKey } || key.AsSpan().ContainsAnyExcept(_printable)
        ? Problem.Member("api_key", $"At most {MaxKey} characters of printable ASCII without spaces.")
        : null;

    private bool IsEndpoint(string text, out string detail)
    {
        detail = "An absolute http or https address without user, query and fragment.";
        if (text.Length > MaxUrl
            || !Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            || endpoint is not { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" })
        {
            return false;
        }

        detail = "It is not on the public Internet.";
        return http.MayBeEntered(endpoint);
    }
}
