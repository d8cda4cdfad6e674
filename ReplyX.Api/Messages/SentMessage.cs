namespace ReplyX.Api.Messages;

/// <summary>The shape of the answer to a message from the account's side.</summary>
internal sealed record SentMessage(MessageEvent Message);
