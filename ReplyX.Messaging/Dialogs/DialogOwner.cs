namespace ReplyX.Messaging.Dialogs;

/// <summary>
/// Whose a dialog is and how it was started. An append checks it, and prolongs the lives of the keys by
/// which its guest finds the dialog again.
/// </summary>
/// <param name="GuestId">The guest it belongs to.</param>
/// <param name="SiteId">The site it was started on.</param>
/// <param name="Mode">How it was started.</param>
public readonly record struct DialogOwner(string GuestId, string SiteId, DialogMode Mode)
{
    /// <summary>As a spread dialog's field has it, so that an append compares one.</summary>
    internal string ToField() => $"{SiteId} {Mode.ToWire()} {GuestId}";

    /// <summary>Reads that field.</summary>
    internal static DialogOwner? OfField(string? field) =>
        field?.Split(' ', 3) is [var site, var mode, var guest] ? new DialogOwner(guest, site, WireNames.ToDialogMode(mode)) : null;
}
