using ReplyX.Client;

namespace ReplyX.Samples.Replay.Judging;

/// <summary>What one socket got.</summary>
/// <param name="Role">Whose it was.</param>
/// <param name="Node">The node that held it last.</param>
/// <param name="Events">The stored events, in the order in which the library yielded them.</param>
/// <param name="Statistics">What the library dropped and repaired.</param>
internal sealed record SocketRecord(string Role, string Node, IReadOnlyList<ReplyXEvent> Events, ConnectionStatistics Statistics)
{
    /// <summary>The events, as an audit takes them.</summary>
    public IReadOnlyList<ReceivedEvent> Received => [.. Events.Select(ReceivedEvent.Of)];
}
