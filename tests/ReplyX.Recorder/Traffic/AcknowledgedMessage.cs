using ReplyX.Client;

namespace ReplyX.Recorder.Traffic;

/// <summary>A message that was acknowledged.</summary>
/// <param name="Cursor">Where the acknowledgement puts it.</param>
/// <param name="Key">The key it was sent with, however often.</param>
/// <param name="Content">What was sent, in the form of <see cref="Sockets.Content"/>.</param>
/// <param name="Author">Whose it is: one author's messages stay in order.</param>
internal sealed record AcknowledgedMessage(EventCursor Cursor, string Key, string Content, Author Author);
