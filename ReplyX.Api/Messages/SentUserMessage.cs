namespace ReplyX.Api.Messages;

/// <summary>The shape of the answer to a visitor's message.</summary>
internal sealed record SentUserMessage(MessageEvent UserMessage);
