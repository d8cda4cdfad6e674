using System.Diagnostics.Metrics;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Draining;
using ReplyX.Realtime.Limits;

namespace ReplyX.Realtime.Telemetry;

/// <summary>What this node is asked for when it is scraped. docs/observability.md lists it.</summary>
internal sealed class NodeGauges
{
    public NodeGauges(
        IMeterFactory meters,
        ConnectionTable connections,
        ConnectionLimits limits,
        DeliveryServices services,
        DrainState drain,
        BackplaneWatch backplane)
    {
        var meter = meters.Create(RealtimeMetrics.MeterName);
        var pools = connections.Pools.Values
            .Select(pool => (Pool: pool, Tag: KeyValuePair.Create("pool", (object?)pool.Name)))
            .ToArray();
        meter.CreateObservableGauge(
            "websocket_pool_connections", () => pools.Select(one => Of(one.Pool.Connections, one.Tag)), description: "Open sockets of a pool on this node.");
        meter.CreateObservableGauge(
            "websocket_pool_limit", () => pools.Select(one => Of(limits.MostInPool, one.Tag)), description: "The most sockets of a pool that this node takes.");
        meter.CreateObservableGauge(
            "websocket_pool_visitor_limit",
            () => pools.Select(one => Of(limits.MostInPoolForVisitors, one.Tag)),
            description: "The most sockets of a pool with which visitors still get in.");
        meter.CreateObservableGauge("websocket_node_visitor_limit", () => limits.MostOnNodeForVisitors, description: "The most sockets on this node with which visitors still get in.");
        meter.CreateObservableGauge("websocket_node_limit", () => limits.MostOnNode, description: "The most sockets that this node takes.");
        meter.CreateObservableGauge(
            "websocket_dialogs", () => pools.Select(one => Of(one.Pool.Dialogs, one.Tag)), description: "Dialogs on which a pool has a socket on this node.");
        meter.CreateObservableGauge("websocket_queued", () => services.Budget.Used, "By", "Bytes that wait for sockets that do not take them.");
        meter.CreateObservableGauge("websocket_queued_limit", () => services.Options.MaxBacklogBytes, "By", "The most bytes that may wait.");
        meter.CreateObservableGauge("websocket_draining", () => drain.IsDraining ? 1 : 0, description: "1 while this node is out of service.");
        meter.CreateObservableGauge(
            "websocket_drain_remaining_sockets",
            () => drain.IsDraining ? connections.All.Count(connection => !connection.IsClosing) : 0,
            description: "Sockets still to be handed over while this node drains.");
        meter.CreateObservableGauge("backplane_connected", () => backplane.IsUp ? 1 : 0, description: "1 while every delivery loop hears Redis and the lease is renewed.");
    }

    private static Measurement<long> Of(long value, KeyValuePair<string, object?> tag) => new(value, tag);
}
