using System.Diagnostics.Metrics;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.WebSockets;

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
        _delivery = meter.CreateHistogram<double>("websocket_delivery_duration", "s", "From the append to the write on a socket: of a hand-out's oldest event, once for each type.");
        _fanOut = meter.CreateHistogram<double>("websocket_fanout_sockets", description: "Sockets of this node that an event was handed to.");
        _recovery = meter.CreateHistogram<double>("websocket_recovery_duration", "s", "From the upgrade to the seam of replay and live stream.");
    }

    public void Connected(SocketKind kind) => _connections.Add((int)kind, 1);

    public void Disconnected(SocketKind kind, int code)
    {
        // In this order, so that no scrape misses a socket whose end is not counted yet.
        _disconnects.Add(1, Type(SocketKinds.Label(kind)), new("code", CloseCodes.Label(code)));
        _connections.Add((int)kind, -1);
    }

    public void Refused(ConnectionError error) => _errors.Add((int)error, 1);

    public void Sent(SocketKind kind, int events) => _sent.Add((int)kind, events);

    /// <summary>Events were handed out.</summary>
    /// <param name="sent">How many were written to sockets at once, by the sockets' kind.</param>
    /// <param name="sockets">How many sockets they were for.</param>
    /// <param name="events">How many events there were.</param>
    /// <param name="latency">How long ago the oldest of them was appended; null if they are not stored.</param>
    public void HandedOut(in SentEvents sent, int sockets, int events, TimeSpan? latency)
    {
        for (var kind = 0; kind < SentEvents.Length; kind++)
        {
            if (sent[kind] == 0)
            {
                continue;
            }

            _sent.Add(kind, sent[kind]);
            if (latency is { } elapsed)
            {
                _delivery.Record(elapsed.TotalSeconds, Type(SocketKinds.Labels[kind]));
            }
        }

        for (var i = 0; i < events; i++)
        {
            _fanOut.Record(sockets);
        }
    }

    /// <summary>All that waited for a socket has left.</summary>
    /// <param name="kind">The socket's kind.</param>
    /// <param name="elapsed">How long the first of it has waited.</param>
    public void Waited(SocketKind kind, TimeSpan elapsed) => _delivery.Record(elapsed.TotalSeconds, Type(SocketKinds.Label(kind)));

    public void Recovered(string outcome, TimeSpan duration)
    {
        _recoveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _recovery.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void SlowConsumer(string type) => _slowConsumers.Add(1, Type(type));

    public void Gap(string kind) => _gaps.Add(1, new KeyValuePair<string, object?>("kind", kind));

    private static KeyValuePair<string, object?> Type(string type) => new("type", type);
}
