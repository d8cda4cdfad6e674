using System.Text.Json.Serialization;

namespace ReplyX.Realtime.Health;

/// <summary>What <c>/health/websocket</c> says of the cluster.</summary>
/// <param name="ActiveAdminConnections">Open sockets of the pool <c>ws_connections</c>.</param>
/// <param name="ActiveSiteConnections">Open sockets of the pool <c>ws_site_connections</c>.</param>
/// <param name="TotalDialogsAdmin">Dialogs that have at least one of the first.</param>
/// <param name="TotalDialogsSite">Dialogs that have at least one of the second.</param>
/// <param name="DialogsEstimated">Whether those two are not exact, but good to about 3 %, or lack a node that did not say.</param>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Nodes">Live nodes.</param>
/// <param name="ReadyNodes">Those of them that take new sockets.</param>
/// <param name="BackplaneMilliseconds">How long the probe through the backplane took; absent if it did not come back.</param>
/// <param name="Reason">Why it is unhealthy; absent if it is healthy.</param>
internal sealed record WebSocketReport(
    int ActiveAdminConnections,
    int ActiveSiteConnections,
    long TotalDialogsAdmin,
    long TotalDialogsSite,
    bool DialogsEstimated,
    string Status,
    int Nodes,
    int ReadyNodes,
    double? BackplaneMilliseconds,
    string? Reason)
{
    [JsonIgnore]
    public bool IsHealthy => Reason is null;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebSocketReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
