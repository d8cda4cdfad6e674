namespace ReplyX.Samples.Replay.Playing;

/// <summary>A conversation cannot be played on.</summary>
/// <param name="what">Why.</param>
internal sealed class ReplayException(string what) : Exception(what);
