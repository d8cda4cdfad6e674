namespace ReplyX.Client;

/// <summary>An event as the log holds it.</summary>
/// <param name="Cursor">Its place in the log of its dialog.</param>
/// <param name="Content">What it says, in the form of <see cref="EventContent"/>.</param>
public sealed record AuditedEvent(EventCursor Cursor, string Content)
{
    /// <summary>Whether it brings its dialog into the account's list, if it is not there yet.</summary>
    public bool IsListing => EventContent.IsListing(Content);
}
