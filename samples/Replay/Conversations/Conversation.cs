using ReplyX.Client;

namespace ReplyX.Samples.Replay.Conversations;

internal sealed record Conversation(string Name, DialogChannel Channel, string Language, string About, IReadOnlyList<ConversationLine> Lines);
