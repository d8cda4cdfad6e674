using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ReplyX.Api.Assistant.Answering;
using ReplyX.Messaging.Assistants;

namespace ReplyX.Api.Assistant.Clients;

/// <summary>Answers with the site's own answers to the questions that are like the visitor's, word by word, as a model does.</summary>
internal sealed class ScriptedChatClient(AssistantSettings settings, TimeSpan pace, TimeProvider time) : IChatClient
{
    private static readonly FrozenSet<string> _yes = (
        "yes yeah yep sure please ok okay да ага хорошо ладно давайте конечно пожалуйста").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private readonly QuestionMatcher _questions = new(settings.Answers);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = Answer([.. messages], cancellationToken);
        for (var at = 0; at < answer.Length;)
        {
            var space = answer.IndexOf(' ', at);
            var next = space < 0 ? answer.Length : space + 1;
            if (pace > TimeSpan.Zero)
            {
                await Task.Delay(pace, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, answer[at..next]);
            at = next;
        }

        yield return new ChatResponseUpdate { Role = ChatRole.Assistant, FinishReason = ChatFinishReason.Stop };
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private string Answer(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var asked = messages.Where(message => message.Role == ChatRole.User).Select(message => message.Text).Reverse().ToList();
        if (asked is not [var question, ..])
        {
            return Sentences.Fallback(VisitorLanguage.English);
        }

        var language = VisitorLanguages.Detect(asked);
        var fallback = settings.Fallback.Length > 0 ? settings.Fallback : Sentences.Fallback(language);
        if (_questions.Find(question, cancellationToken) is { } known)
        {
            return known.Answer;
        }

        if (Words.IsGreeting(question))
        {
            return Sentences.Greeting(language);
        }

        // The fallback offers a human; who says yes to that wants one.
        return messages.LastOrDefault(message => message.Role == ChatRole.Assistant)?.Text == fallback
            && Words.Split(question) is { Count: > 0 and <= 3 } words && words.TrueForAll(_yes.Contains)
            ? HandoverMarker.Text
            : fallback;
    }
}
