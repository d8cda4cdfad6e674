namespace ReplyX.Recorder.Chaos;

/// <summary>A drain.</summary>
/// <param name="Node">The id of the node that drained.</param>
/// <param name="From">When it was asked to, in ticks of the recorder's clock.</param>
internal sealed record DrainRecord(string Node, long From);
