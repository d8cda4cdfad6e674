using ReplyX.Client;

namespace ReplyX.Samples.Replay.Conversations;

/// <summary>One thing that somebody does: a message, or a step of the handoff.</summary>
internal sealed record ConversationLine(Author From, string? Text, HandoffStep? Handoff, TimeSpan After, bool Typing);
