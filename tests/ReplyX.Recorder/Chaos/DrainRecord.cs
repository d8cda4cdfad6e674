namespace ReplyX.Recorder.Chaos;

/// <summary>A drain, and whom it concerned.</summary>
/// <param name="Node">The id of the node that drained.</param>
/// <param name="From">When it was asked to, in ticks of the recorder's clock.</param>
/// <param name="To">When nobody was on it any more and everybody somewhere else.</param>
internal sealed record DrainRecord(string Node, long From, long To);
