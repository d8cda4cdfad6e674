namespace ReplyX.Api.Messages;

/// <summary>A visitor's message. Who speaks is not theirs to say: any <c>sender</c> is ignored.</summary>
internal sealed record SendMessage(string? Text, string? ClientId);
