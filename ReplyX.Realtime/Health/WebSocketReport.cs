using System.Globalization;
using System.Text.Json.Serialization;
using ReplyX.Messaging.Nodes;

namespace ReplyX.Realtime.Health;

/// <summary>What <c>/health/websocket</c> says of the cluster.</summary>
/// <param name="ActiveAdminConnections">Open sockets of the pool <c>ws_connections</c>.</param>
/// <param name="ActiveSiteConnections">Open sockets of the pool <c>ws_site_connections</c>.</param>
/// <param name="TotalDialogsAdmin">Dialogs that have at least one of the first.</param>
/// <param name="TotalDialogsSite">Dialogs that have at least one of the second.</param>
/// <param name="DialogsEstimated">Whether those two are not exact, but good to about 3 %, or lack a node that did not say.</param>
/// <param name="Status"><c>healthy</c>; <c>degraded</c> if visitors are served and somebody should look; <c>unhealthy</c> if they are not.</param>
/// <param name="Reasons">Why it is not healthy; absent if it is.</param>
/// <param name="Nodes">Live nodes.</param>
/// <param name="ReadyNodes">Those of them that take new sockets.</param>
/// <param name="BackplaneMilliseconds">How long the probe through the backplane took; absent if it did not come back. The numbers before are then the last ones known.</param>
/// <param name="PerNode">Each node; only for who may see it.</param>
/// <param name="Node">The id of the node that answers; likewise.</param>
internal sealed record WebSocketReport(
    int ActiveAdminConnections,
    int ActiveSiteConnections,
    long TotalDialogsAdmin,
    long TotalDialogsSite,
    bool DialogsEstimated,
    string Status,
    IReadOnlyList<string>? Reasons,
    int Nodes,
    int ReadyNodes,
    double? BackplaneMilliseconds,
    IReadOnlyList<NodeHealth>? PerNode,
    string? Node = null)
{
    private const string Healthy = "healthy";
    private const string Degraded = "degraded";
    private const string Unhealthy = "unhealthy";

    // Where the alert is raised too. Visitors have nine tenths of a pool by default.
    private const double MostOfPool = 0.8;

    // Messages are to take less than that end to end.
    private static readonly TimeSpan _slow = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether visitors are served.</summary>
    [JsonIgnore]
    public bool IsServing => Status != Unhealthy;

    /// <summary>Judges what was found.</summary>
    /// <param name="cluster">What the nodes said.</param>
    /// <param name="roundTrip">How long the probe took; null if it did not come back.</param>
    public static WebSocketReport Of(ClusterReport cluster, TimeSpan? roundTrip)
    {
        var ready = cluster.Nodes.Count(node => node.Ready);
        var failures = FindFailures(ready, roundTrip).ToList();
        var warnings = failures.Count > 0 ? [] : FindWarnings(cluster, ready, roundTrip).ToList();
        return new WebSocketReport(
            cluster.Nodes.Sum(node => node.AdminConnections),
            cluster.Nodes.Sum(node => node.SiteConnections),
            cluster.AdminDialogs,
            cluster.SiteDialogs,
            cluster.DialogsEstimated,
            failures.Count > 0 ? Unhealthy : warnings.Count > 0 ? Degraded : Healthy,
            failures.Count + warnings.Count > 0 ? [.. failures, .. warnings] : null,
            cluster.Nodes.Count,
            ready,
            roundTrip is { } elapsed ? Math.Round(elapsed.TotalMilliseconds, 2) : null,
            [.. cluster.Nodes.Select(NodeHealth.Of)]);
    }

    private static IEnumerable<string> FindFailures(int ready, TimeSpan? roundTrip)
    {
        if (roundTrip is null)
        {
            yield return "The backplane does not answer.";
        }
        else if (ready == 0)
        {
            yield return "No node is ready.";
        }
    }

    private static IEnumerable<string> FindWarnings(ClusterReport cluster, int ready, TimeSpan? roundTrip)
    {
        if (ready < cluster.Nodes.Count)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{cluster.Nodes.Count - ready} of {cluster.Nodes.Count} nodes take no new sockets.");
        }

        if (roundTrip > _slow)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The backplane is slow: {roundTrip.Value.TotalMilliseconds:0} ms there and back.");
        }

        foreach (var (pool, sockets, most) in Pools(cluster))
        {
            if (most > 0 && sockets > MostOfPool * most)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"The pool {pool} is {100d * sockets / most:0} % full.");
            }
        }
    }

    // Of the nodes that take new sockets and say how many: where the next visitor may go.
    private static IEnumerable<(string Pool, long Sockets, long Most)> Pools(ClusterReport cluster)
    {
        var open = cluster.Nodes.Where(node => node is { Ready: true, PoolLimit: not null }).ToList();
        var most = open.Sum(node => (long)node.PoolLimit!.Value);
        yield return (NodeRegistry.AdminPool, open.Sum(node => (long)node.AdminConnections), most);
        yield return (NodeRegistry.SitePool, open.Sum(node => (long)node.SiteConnections), most);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebSocketReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
