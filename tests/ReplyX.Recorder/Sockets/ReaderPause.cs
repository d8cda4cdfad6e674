namespace ReplyX.Recorder.Sockets;

/// <summary>A reader stops once, amid what comes, while its connection stays open and its heartbeats go on.</summary>
/// <param name="After">After how many events.</param>
/// <param name="Length">For how long.</param>
/// <param name="Elsewhere">Where it goes if it is closed for that.</param>
internal sealed record ReaderPause(int After, TimeSpan Length, Uri Elsewhere);
