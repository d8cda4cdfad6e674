namespace ReplyX.Messaging.Nodes;

/// <summary>What a realtime node says of itself with every renewal of its lease.</summary>
/// <param name="Id">The node's id, new with every start.</param>
/// <param name="Address">Where the node itself answers HTTP, without a proxy between, e.g. <c>http://10.0.0.7:8080</c>.</param>
/// <param name="Host">The machine or container it runs on.</param>
/// <param name="ProcessId">Its process there.</param>
/// <param name="StartedAt">When it started, UTC.</param>
/// <param name="Ready">Whether it takes new sockets. A draining node does not.</param>
/// <param name="AdminConnections">Open sockets of the pool <c>ws_connections</c>.</param>
/// <param name="SiteConnections">Open sockets of the pool <c>ws_site_connections</c>.</param>
/// <param name="AdminDialogs">Dialogs that have at least one of the first on this node; null if it does not say.</param>
/// <param name="SiteDialogs">Dialogs that have at least one of the second on this node; null if it does not say.</param>
/// <param name="PoolLimit">The most sockets of each pool that it takes; null if it does not say.</param>
/// <param name="Version">The version that it runs; null if it does not say.</param>
public sealed record NodeReport(
    string Id,
    Uri Address,
    string Host,
    int ProcessId,
    DateTimeOffset StartedAt,
    bool Ready,
    int AdminConnections,
    int SiteConnections,
    int? AdminDialogs = null,
    int? SiteDialogs = null,
    int? PoolLimit = null,
    string? Version = null);
