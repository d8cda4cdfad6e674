using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Assistants;

/// <summary>A dialog that one worker answers, until it says that it is done or its lease runs out.</summary>
/// <param name="Site">The site.</param>
/// <param name="Dialog">The dialog.</param>
/// <param name="From">Where its log is to be read on from: no message before it waits for an answer.</param>
/// <param name="Attempt">Which worker this is, from 1, that tries to answer the first message that waits.</param>
/// <param name="Token">Tells this lease from every other one: what its holder does after it was lost has no effect.</param>
public sealed record AssistantLease(AssistantSite Site, StreamKey Dialog, long From, int Attempt, string Token);
