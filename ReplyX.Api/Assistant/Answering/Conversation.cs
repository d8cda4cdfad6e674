using Microsoft.Extensions.AI;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Streams;

namespace ReplyX.Api.Assistant.Answering;

/// <summary>What was said in a dialog up to a question, as a model is told it.</summary>
internal static class Conversation
{
    // Not every event is a message.
    private const int EventsPerMessage = 2;

    private const int PageSize = 200;

    /// <param name="log">The log.</param>
    /// <param name="dialog">The dialog.</param>
    /// <param name="question">The question, which comes last.</param>
    /// <param name="options">How much is told.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<List<ChatMessage>> ReadAsync(
        DialogLog log, StreamKey dialog, Question question, AssistantOptions options, CancellationToken cancellationToken)
    {
        var most = options.HistoryMessages - 1;
        var page = await log.ReadBeforeAsync(dialog, question.Seq, Math.Max(1, most * EventsPerMessage), cancellationToken);

        // What the assistant has said behind the question answers the messages before it, which came while it was answering.
        var since = await log.ReadFromAsync(dialog, question.Seq + 1, PageSize, cancellationToken);
        var before = page.Entries.Concat(since.Entries.Where(entry => entry.Key.StartsWith(AnswerKeys.Prefix, StringComparison.Ordinal)));
        var left = options.HistoryLength;
        var told = new List<ChatMessage> { new(ChatRole.User, question.Text) };
        foreach (var entry in before.Reverse())
        {
            if (ToMessage(DialogEvent.Read(entry)) is not { } message)
            {
                continue;
            }

            left -= message.Text.Length;
            if (told.Count > most || left < 0)
            {
                break;
            }

            told.Insert(0, message);
        }

        return told;
    }

    private static ChatMessage? ToMessage(DialogEvent said) => said switch
    {
        { Type: not "message" } or { Text: null } => null,
        { Sender: "user", Text: { } text } => new ChatMessage(ChatRole.User, text),
        { Sender: "assistant", Text: { } text } => new ChatMessage(ChatRole.Assistant, text),
        { Sender: "manager", Text: { } text } => new ChatMessage(ChatRole.Assistant, $"(a colleague wrote) {text}"),
        _ => null,
    };
}
