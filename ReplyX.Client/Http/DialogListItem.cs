namespace ReplyX.Client;

/// <summary>A line of an account's list of dialogs.</summary>
/// <param name="Id">The dialog.</param>
/// <param name="Mode">Where its visitor writes: <c>widget</c> or <c>site</c>.</param>
/// <param name="Handoff">Who answers.</param>
/// <param name="LastSeq">The number of its last event.</param>
public sealed record DialogListItem(long Id, string? Mode, HandoffState Handoff, long LastSeq)
{
    /// <summary>The operator who holds it.</summary>
    public string? Operator { get; init; }

    /// <summary>How many events the operators have not read.</summary>
    public long Unread { get; init; }

    /// <summary>Since when its visitor waits for a person; null if not.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>Who its visitor is, as far as is known.</summary>
    public VisitorDetails? Visitor { get; init; }

    /// <summary>The page that its visitor is on, as far as is known.</summary>
    public VisitorPage? Page { get; init; }
}
