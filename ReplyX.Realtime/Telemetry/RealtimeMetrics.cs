using System.Diagnostics.Metrics;
using ReplyX.Realtime.Routes;

namespace ReplyX.Realtime.Telemetry;

/// <summary>The node's instruments. docs/websocket/metrics.md lists them.</summary>
internal sealed class RealtimeMetrics
{
    public const string MeterName = "ReplyX.Realtime";

    // Kept here and told when asked, so that a scrape has every series from the first one on: rates and alerts over a series that
    // begins with its first error never see that error.
    private readonly LabelledCounts _connections = new("type", SocketKinds.Labels);
    private readonly LabelledCounts _sent = new("type", SocketKinds.Labels);
    private readonly LabelledCounts _errors = new("error_type", ConnectionErrors.Labels);
    private readonly Counter<long> _disconnects;
    private readonly Counter<long> _recoveries;
    private readonly Counter<long> _slowConsumers;
    private readonly Counter<long> _gaps;
    private readonly Histogram<double> _delivery;
    private readonly Histogram<double> _fanOut;
    private readonly Histogram<double> _recovery;

    public RealtimeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("websocket_connections_total", _connections.Read, description: "Open sockets, by type.");
        meter.CreateObservableCounter("websocket_messages_sent", _sent.Read, description: "Events written to sockets, by the sockets' type.");
        meter.CreateObservableCounter("websocket_connection_errors", _errors.Read, description: "Sockets refused or broken, by reason.");
        _disconnects = meter.CreateCounter<long>("websocket_disconnects", description: "Sockets closed, by code.");
        _recoveries = meter.CreateCounter<long>("websocket_recoveries", description: "Resumptions by cursor, by outcome.");
        _slowConsumers = meter.CreateCounter<long>("websocket_slow_consumers", description: "Sockets closed because their reader did not keep up.");
        _gaps = meter.CreateCounter<long>("websocket_backplane_gaps", description: "Holes in what the backplane carried, filled from the log.");
        _delivery = meter.CreateHistogram<double>("websocket_delivery_duration", "s", "From the append to the write on a socket.");
        _fanOut = meter.CreateHistogram<double>("websocket_fanout_sockets", description: "Sockets of this node that an event was handed to.");
        _recovery = meter.CreateHistogram<double>("websocket_recovery_duration", "s", "From the upgrade to the seam of replay and live stream.");
    }

    public void Connected(SocketKind kind) => _connections.Add((int)kind, 1);

    public void Disconnected(SocketKind kind, int code)
    {
        _connections.Add((int)kind, -1);
        _disconnects.Add(1, Type(SocketKinds.Label(kind)), new("code", code));
    }

    public void Refused(ConnectionError error) => _errors.Add((int)error, 1);

    public void Sent(SocketKind kind, int events) => _sent.Add((int)kind, events);

    public void Delivered(string type, TimeSpan latency) => _delivery.Record(latency.TotalSeconds, Type(type));

    public void FannedOut(int sockets) => _fanOut.Record(sockets);

    public void Recovered(string outcome, TimeSpan duration)
    {
        _recoveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _recovery.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void SlowConsumer(string type) => _slowConsumers.Add(1, Type(type));

    public void Gap(string kind) => _gaps.Add(1, new KeyValuePair<string, object?>("kind", kind));

    private static KeyValuePair<string, object?> Type(string type) => new("type", type);
}
