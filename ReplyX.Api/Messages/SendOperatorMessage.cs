namespace ReplyX.Api.Messages;

/// <summary>A message from the account's side: the operator's own, or in the name of the assistant.</summary>
internal sealed record SendOperatorMessage(string? Text, string? ClientId, string? Sender);
