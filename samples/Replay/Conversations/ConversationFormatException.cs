namespace ReplyX.Samples.Replay.Conversations;

/// <summary>A file of conversations breaks a rule.</summary>
/// <param name="file">The file.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="what">What is wrong.</param>
public sealed class ConversationFormatException(string file, int line, string what) : Exception($"{file}:{line}: {what}");
