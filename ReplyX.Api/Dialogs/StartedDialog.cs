using ReplyX.Messaging.Dialogs;

namespace ReplyX.Api.Dialogs;

/// <summary>A guest's open dialog and all that it takes to use it.</summary>
internal sealed record StartedDialog(
    long Id,
    string Token,
    DateTimeOffset TokenExpiresAt,
    string GuestToken,
    string Cursor,
    Uri RealtimeUrl,
    HandoffState Handoff,
    DialogMode Mode)
{
    public override string ToString() => nameof(StartedDialog);
}
