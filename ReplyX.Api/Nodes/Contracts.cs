using ReplyX.Messaging.Nodes;

namespace ReplyX.Api.Nodes;

/// <summary>A realtime node.</summary>
internal sealed record NodeView(
    string Id, Uri Address, string Host, int Pid, DateTimeOffset StartedAt, bool Ready, int AdminConnections, int SiteConnections, string? Version)
{
    public static NodeView Of(NodeReport node) => new(
        node.Id, node.Address, node.Host, node.ProcessId, node.StartedAt, node.Ready, node.AdminConnections, node.SiteConnections, node.Version);
}

/// <summary>A node's answer to drain and undrain.</summary>
internal sealed record NodeDrainState(string Node, bool Draining, int Sockets);

/// <summary>A target as Prometheus' HTTP service discovery reads it.</summary>
internal sealed record ScrapeTarget(IReadOnlyList<string> Targets, IReadOnlyDictionary<string, string> Labels);

/// <summary>How the realtime nodes do, each and together. Counters are totals since a node's start.</summary>
internal sealed record StatusView(DateTimeOffset At, IReadOnlyList<NodeStatus> Nodes, ClusterStatus Cluster);

/// <summary>How a node does. One that is not reachable is shown as it was when it was, without latencies.</summary>
internal sealed record NodeStatus(
    string Id,
    bool Ready,
    bool Draining,
    bool Reachable,
    DateTimeOffset StartedAt,
    IReadOnlyDictionary<string, PoolStatus> Pools,
    long Dialogs,
    long? MessagesSent,
    long? Errors,
    double? DeliveryP50Ms,
    double? DeliveryP99Ms);

/// <summary>The sockets of one pool, and the most that it takes.</summary>
internal sealed record PoolStatus(long Sockets, long? Limit);

/// <summary>The nodes together.</summary>
internal sealed record ClusterStatus(
    IReadOnlyDictionary<string, PoolStatus> Pools, long Dialogs, long MessagesSent, long Errors, BackplaneStatus Backplane);

/// <summary>Whether Redis takes what is published, and how long that takes.</summary>
internal sealed record BackplaneStatus(bool Ok, double? RoundTripMs);
