namespace ReplyX.Client;

/// <summary>A line of an account's list of dialogs.</summary>
/// <param name="Id">The dialog.</param>
/// <param name="Mode">Where its visitor writes: <c>widget</c> or <c>site</c>.</param>
/// <param name="Handoff">Who answers.</param>
/// <param name="LastSeq">The number of its last event.</param>
public sealed record DialogListItem(long Id, string? Mode, HandoffState Handoff, long LastSeq);
