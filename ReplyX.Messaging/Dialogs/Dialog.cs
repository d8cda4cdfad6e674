using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Dialogs;

/// <summary>A conversation of one guest with an account's assistant and operators.</summary>
/// <param name="Key">The account and the dialog's id.</param>
/// <param name="SiteId">The site it was started on.</param>
/// <param name="Mode">How it was started.</param>
/// <param name="GuestId">The guest it belongs to.</param>
/// <param name="CreatedAt">When it was started, UTC.</param>
/// <param name="Listed">Whether a visitor ever wrote in it. An unlisted dialog is in no list and expires.</param>
/// <param name="Handoff">Who answers it.</param>
/// <param name="OperatorId">The operator who holds it, while <paramref name="Handoff"/> is active.</param>
/// <param name="OperatorName">That operator's display name.</param>
/// <param name="HandoffSince">When <paramref name="Handoff"/> last changed, UTC; null if it never did.</param>
/// <param name="Last">The latest event in short; null if there is none but the welcome.</param>
public sealed record Dialog(
    StreamKey Key,
    string SiteId,
    DialogMode Mode,
    string GuestId,
    DateTimeOffset CreatedAt,
    bool Listed,
    HandoffState Handoff,
    string? OperatorId,
    string? OperatorName,
    DateTimeOffset? HandoffSince,
    DialogSummary? Last)
{
    /// <summary>The dialog's id.</summary>
    public long Id => Key.DialogId;

    /// <summary>Who its visitor is; null if nothing is known.</summary>
    public VisitorProfile? Visitor { get; init; }

    /// <summary>The page that its visitor is on, as far as is known.</summary>
    public VisitorPage? Page { get; init; }

    /// <summary>The page that it was started on.</summary>
    public VisitorPage? StartedPage { get; init; }

    /// <summary>What the visitor's browser calls itself.</summary>
    public string? UserAgent { get; init; }

    /// <summary>How far each side has read.</summary>
    public ReadMarks Read { get; init; }

    /// <summary>When a human was asked for last, UTC; null if none was.</summary>
    public DateTimeOffset? RequestedAt { get; init; }

    /// <summary>When the visitor wrote the first message that nobody has answered, UTC; null if there is none.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>Whether no assistant has that message: the site had none when it was written, or when an operator left it unanswered.</summary>
    public bool IsUnassisted { get; init; }

    /// <summary>How many events follow what the team has read.</summary>
    public long Unread => Math.Max(0, (Last?.Seq ?? 0) - Read.Manager);

    /// <summary>
    /// Since when its visitor waits for a person, UTC: a human was asked for and nobody came, an operator holds it and has not
    /// answered, or nobody does and no assistant answers either. Null if the visitor does not wait.
    /// </summary>
    public DateTimeOffset? WaitingSince => Handoff switch
    {
        HandoffState.Requested => Left is { } left && left < PersonRequestedAt ? left : PersonRequestedAt,
        HandoffState.Active => AskedAt,
        _ => Left,
    };

    /// <summary>Since when a human is asked for, UTC; null if none is.</summary>
    public DateTimeOffset? PersonRequestedAt => Handoff == HandoffState.Requested ? RequestedAt ?? HandoffSince : null;

    private DateTimeOffset? Left => IsUnassisted ? AskedAt : null;

    /// <summary>Whose it is, as appends want to know.</summary>
    public DialogOwner Owner => new(GuestId, SiteId, Mode);
}
