using System.Text.Json.Serialization;

namespace ReplyX.Recorder.Cluster;

/// <summary>What <c>/health/websocket</c> says of the cluster, as far as the recorder holds it to its word.</summary>
internal sealed record HealthReport(
    [property: JsonPropertyName("active_admin_connections")] int Admin,
    [property: JsonPropertyName("active_site_connections")] int Site,
    [property: JsonPropertyName("nodes")] int Nodes,
    [property: JsonPropertyName("ready_nodes")] int ReadyNodes,
    [property: JsonPropertyName("status")] string Status)
{
    public int Sockets => Admin + Site;

    public override string ToString() => $"{Status}, {Nodes} nodes, {ReadyNodes} ready, {Sockets} sockets";
}
