using ReplyX.Client;

namespace ReplyX.Recorder.Judging;

/// <summary>An event as the history holds it.</summary>
/// <param name="Cursor">Its place.</param>
/// <param name="Content">What it says, in the form of <see cref="Sockets.Content"/>.</param>
internal sealed record LogEvent(EventCursor Cursor, string Content)
{
    /// <summary>Whether it brings its dialog into the account's list, if it is not there yet.</summary>
    public bool IsListing => Content.StartsWith("user: ", StringComparison.Ordinal) || Content.StartsWith("handoff ", StringComparison.Ordinal);
}
