using ReplyX.Messaging.Nodes;

namespace ReplyX.Api.Nodes;

/// <summary>A realtime node as people look at it.</summary>
internal sealed record NodeView(
    string Id, Uri Address, string Host, int Pid, DateTimeOffset StartedAt, bool Ready, int AdminConnections, int SiteConnections)
{
    public static NodeView Of(NodeReport node) => new(
        node.Id, node.Address, node.Host, node.ProcessId, node.StartedAt, node.Ready, node.AdminConnections, node.SiteConnections);
}

/// <summary>What a node says of itself when it is drained or put back.</summary>
internal sealed record NodeDrainState(string Node, bool Draining, int Sockets);

/// <summary>A target as Prometheus' HTTP service discovery reads it.</summary>
internal sealed record ScrapeTarget(IReadOnlyList<string> Targets, IReadOnlyDictionary<string, string> Labels);
