using System.ClientModel;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using ReplyX.Api.Assistant.Clients;
using ReplyX.Api.Secrets;
using ReplyX.Messaging.Assistants;
using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>Gets an answer from a site's assistant within its limits. Whatever goes wrong with it is a result and not an exception.</summary>
internal sealed class AnswerGenerator(
    ChatClients clients, IOptions<AssistantOptions> options, IOptions<MessagingOptions> messaging, TimeProvider time)
{
    private static readonly ChatFinishReason _filtered = ChatFinishReason.ContentFilter;
    private static readonly ChatFinishReason _cut = ChatFinishReason.Length;

    private int MostLength => Math.Min(options.Value.MaxAnswerLength, messaging.Value.MaxTextLength);

    /// <param name="site">The site.</param>
    /// <param name="siteName">Its name.</param>
    /// <param name="settings">Its assistant.</param>
    /// <param name="conversation">The conversation so far; last of all the visitor's question.</param>
    /// <param name="onText">Told of every piece of the answer as it comes.</param>
    /// <param name="cancellationToken">Gives the answer up.</param>
    public async Task<AnswerResult> GenerateAsync(
        AssistantSite site,
        string siteName,
        AssistantSettings settings,
        IReadOnlyList<ChatMessage> conversation,
        Action<string> onText,
        CancellationToken cancellationToken)
    {
        if (HandoverWords.AreIn(conversation[^1].Text, settings.HandoverWords))
        {
            return AnswerResult.Requested();
        }

        var whole = TimeSpan.FromSeconds(settings.TimeoutSeconds);
        var first = whole < options.Value.FirstTextTimeout ? whole : options.Value.FirstTextTimeout;
        var startedAt = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(first, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var answer = new StringBuilder();
        try
        {
            using var client = clients.Create(site, settings);
            return await ReadAsync(
                client,
                Prompt.Build(siteName, settings, conversation),
                answer,
                text =>
                {
                    if (answer.Length == 0)
                    {
                        var left = whole - time.GetElapsedTime(startedAt);
                        timeout.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                    }

                    answer.Append(text);
                    onText(text);
                },
                either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return timeout.IsCancellationRequested
                ? AnswerResult.TimedOut(answer.Length == 0 ? AnswerFailure.FirstTextTimeout : AnswerFailure.Timeout)
                : AnswerResult.Failed(FailureOf(exception));
        }
    }

    private async Task<AnswerResult> ReadAsync(
        IChatClient client, List<ChatMessage> prompt, StringBuilder answer, Action<string> add, CancellationToken cancellationToken)
    {
        var marker = new HandoverMarker();
        ChatFinishReason? end = null;

        // Whether it fits. What does not is not shown either.
        bool Add(string text)
        {
            text = answer.Length == 0 ? text.TrimStart() : text;
            if (answer.Length + text.Length > MostLength)
            {
                return false;
            }

            if (text.Length > 0)
            {
                add(text);
            }

            return true;
        }

        // Without options: what one endpoint needs another one refuses. The answer's length is bounded here.
        await foreach (var update in client.GetStreamingResponseAsync(prompt, options: null, cancellationToken))
        {
            end = update.FinishReason ?? end;
            if (!Add(marker.Add(update.Text)))
            {
                return AnswerResult.Failed(AnswerFailure.TooLong);
            }

            if (marker.IsFound)
            {
                return AnswerResult.Requested(answer.ToString().TrimEnd());
            }
        }

        return !Add(marker.End()) ? AnswerResult.Failed(AnswerFailure.TooLong)
            : end is null || end == _cut ? AnswerResult.Failed(AnswerFailure.CutOff)
            : end == _filtered ? AnswerResult.Failed(AnswerFailure.Filtered)
            : answer.Length == 0 ? AnswerResult.Failed(AnswerFailure.Empty)
            : new AnswerResult(answer.ToString().TrimEnd());
    }

    // Only the kind of it: what an endpoint answers may quote the question, or the key.
    private static AnswerFailure FailureOf(Exception exception)
    {
        foreach (var cause in Causes(exception))
        {
            switch (cause)
            {
                case SecretUnreadableException:
                    return AnswerFailure.KeyUnreadable;
                case EndpointRefusedException:
                    return AnswerFailure.EndpointRefused;
                case ClientResultException { Status: 401 or 403 }:
                    return AnswerFailure.KeyRefused;
                case ClientResultException { Status: 429 }:
                    return AnswerFailure.RateLimited;
                case ClientResultException { Status: >= 500 }:
                    return AnswerFailure.EndpointError;
                case ClientResultException { Status: > 0 }:
                    return AnswerFailure.RequestRefused;
                case SocketException or HttpRequestException or HttpIOException:
                    return AnswerFailure.Unreachable;
                case JsonException or FormatException:
                case InvalidOperationException { Source: { } source } when source.StartsWith("System.Text.Json", StringComparison.Ordinal):
                    return AnswerFailure.Garbage;
            }
        }

        return AnswerFailure.Error;
    }

    // From the innermost on, which says most.
    private static IEnumerable<Exception> Causes(Exception exception)
    {
        var inner = exception is AggregateException several ? several.InnerExceptions : exception.InnerException is { } one ? [one] : [];
        return inner.SelectMany(Causes).Append(exception);
    }
}
