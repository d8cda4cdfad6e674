using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ReplyX.Realtime.Telemetry;

/// <summary>The node's instruments. docs/websocket/metrics.md lists them.</summary>
internal sealed class RealtimeMetrics
{
    public const string MeterName = "ReplyX.Realtime";

    public static readonly ActivitySource Source = new(MeterName);

    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _errors;
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
        _connections = meter.CreateUpDownCounter<long>("websocket_connections_total", description: "Open sockets, by type.");
        _sent = meter.CreateCounter<long>("websocket_messages_sent", description: "Events written to sockets, by the sockets' type.");
        _errors = meter.CreateCounter<long>("websocket_connection_errors", description: "Sockets refused or broken, by reason.");
        _disconnects = meter.CreateCounter<long>("websocket_disconnects", description: "Sockets closed, by code.");
        _recoveries = meter.CreateCounter<long>("websocket_recoveries", description: "Resumptions by cursor, by outcome.");
        _slowConsumers = meter.CreateCounter<long>("websocket_slow_consumers", description: "Sockets closed because their reader did not keep up.");
        _gaps = meter.CreateCounter<long>("websocket_backplane_gaps", description: "Holes in what the backplane carried, filled from the log.");
        _delivery = meter.CreateHistogram<double>("websocket_delivery_duration", "s", "From the append to the write on a socket.");
        _fanOut = meter.CreateHistogram<double>("websocket_fanout_sockets", description: "Sockets of this node that an event was handed to.");
        _recovery = meter.CreateHistogram<double>("websocket_recovery_duration", "s", "From the upgrade to the seam of replay and live stream.");
    }

    public void Connected(string type) => _connections.Add(1, Type(type));

    public void Disconnected(string type, int code)
    {
        _connections.Add(-1, Type(type));
        _disconnects.Add(1, Type(type), new("code", code));
    }

    public void Refused(string reason) => _errors.Add(1, new KeyValuePair<string, object?>("error_type", reason));

    public void Sent(string type, int events) => _sent.Add(events, Type(type));

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
