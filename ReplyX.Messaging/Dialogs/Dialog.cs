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

    /// <summary>Whose it is, as appends want to know.</summary>
    public DialogOwner Owner => new(GuestId, SiteId, Mode);
}
