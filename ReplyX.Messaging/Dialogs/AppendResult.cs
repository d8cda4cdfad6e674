using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Dialogs;

/// <summary>What an append came to.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Entry">The event in the log, where there is one.</param>
/// <param name="Handoff">The dialog's handoff state after the append.</param>
public readonly record struct AppendResult(AppendOutcome Outcome, LogEntry Entry, HandoffState Handoff)
{
    /// <summary>Whether the event stands in the log, from now or from before.</summary>
    public bool IsInLog => Outcome is AppendOutcome.Appended or AppendOutcome.Duplicate;
}
