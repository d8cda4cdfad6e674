namespace ReplyX.Samples.Replay;

/// <summary>How far a replay is.</summary>
/// <param name="Dialogs">Dialogs to play.</param>
/// <param name="Done">Dialogs played.</param>
/// <param name="Lines">Lines to play.</param>
/// <param name="LinesDone">Lines acknowledged.</param>
/// <param name="Finished">The conversation that was just finished, if one was.</param>
public sealed record ReplayProgress(int Dialogs, int Done, long Lines, long LinesDone, string? Finished);
