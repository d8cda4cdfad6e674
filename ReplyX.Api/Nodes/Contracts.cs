using ReplyX.Messaging.Nodes;

namespace ReplyX.Api.Nodes;

/// <summary>A realtime node.</summary>
internal sealed record NodeView(
    string Id, Uri Address, string Host, int Pid, DateTimeOffset StartedAt, bool Ready, int AdminConnections, int SiteConnections)
{
    public static NodeView Of(NodeReport node) => new(
        node.Id, node.Address, node.Host, node.ProcessId, node.StartedAt, node.Ready, node.AdminConnections, node.SiteConnections);
}

/// <summary>A node's answer to drain and undrain.</summary>
internal sealed record NodeDrainState(string Node, bool Draining, int Sockets);

/// <summary>A target as Prometheus' HTTP service discovery reads it.</summary>
internal sealed record ScrapeTarget(IReadOnlyList<string> Targets, IReadOnlyDictionary<string, string> Labels);
