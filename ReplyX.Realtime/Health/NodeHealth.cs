using ReplyX.Messaging.Nodes;

namespace ReplyX.Realtime.Health;

/// <summary>What <c>/health/websocket</c> says of one node to who may see it.</summary>
/// <param name="Id">The node's id, new with every start.</param>
/// <param name="Host">The machine or container.</param>
/// <param name="StartedAt">When it started, UTC.</param>
/// <param name="Ready">Whether it takes new sockets.</param>
/// <param name="ActiveAdminConnections">Its open sockets of the pool <c>ws_connections</c>.</param>
/// <param name="ActiveSiteConnections">Its open sockets of the pool <c>ws_site_connections</c>.</param>
/// <param name="TotalDialogsAdmin">Dialogs that have at least one of the first on it; absent if it did not say.</param>
/// <param name="TotalDialogsSite">Dialogs that have at least one of the second on it; absent if it did not say.</param>
/// <param name="PoolLimit">The most sockets of each pool that it takes; absent if it did not say.</param>
/// <param name="Version">The version that it runs; absent if it did not say.</param>
internal sealed record NodeHealth(
    string Id,
    string Host,
    DateTimeOffset StartedAt,
    bool Ready,
    int ActiveAdminConnections,
    int ActiveSiteConnections,
    int? TotalDialogsAdmin,
    int? TotalDialogsSite,
    int? PoolLimit,
    string? Version)
{
    public static NodeHealth Of(NodeReport node) => new(
        node.Id,
        node.Host,
        node.StartedAt,
        node.Ready,
        node.AdminConnections,
        node.SiteConnections,
        node.AdminDialogs,
        node.SiteDialogs,
        node.PoolLimit,
        node.Version);
}
