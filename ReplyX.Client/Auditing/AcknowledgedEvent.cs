namespace ReplyX.Client;

/// <summary>A message that was acknowledged.</summary>
/// <param name="Cursor">Where the acknowledgement puts it.</param>
/// <param name="Content">What was sent, in the form of <see cref="EventContent"/>.</param>
/// <param name="Author">Whose it is: one author's messages stay in the order in which they were sent.</param>
/// <param name="Name">What findings call it: its key, say.</param>
public sealed record AcknowledgedEvent(EventCursor Cursor, string Content, string Author, string Name);
