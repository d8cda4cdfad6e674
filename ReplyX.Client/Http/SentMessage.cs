namespace ReplyX.Client;

/// <summary>A message that the Api has stored.</summary>
/// <param name="Message">The message as it stands in the log.</param>
/// <param name="Duplicate">Whether an earlier attempt had stored it.</param>
public sealed record SentMessage(MessageEvent Message, bool Duplicate);
