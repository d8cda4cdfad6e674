using System.Diagnostics.Metrics;
using ReplyX.Messaging.Telemetry;
using ReplyX.Realtime.Delivery;
using ReplyX.Realtime.Routes;
using ReplyX.Realtime.WebSockets;

namespace ReplyX.Realtime.Telemetry;

/// <summary>What this node counts and measures. docs/observability.md lists it; what it is asked for instead is in <see cref="NodeGauges"/>.</summary>
internal sealed class RealtimeMetrics
{
    public const string MeterName = "ReplyX.Realtime";

    private static readonly IReadOnlyList<string> _recoveryOutcomes = EnumLabels.Of<RecoveryOutcome>();

    private readonly LabelledCounts _connections = new(("type", SocketKinds.Labels));
    private readonly LabelledCounts _connects = new(("type", SocketKinds.Labels), ("outcome", EnumLabels.Of<ConnectOutcome>()));
    private readonly LabelledCounts _sent = new(("type", SocketKinds.Labels));
    private readonly LabelledCounts _errors = new(("error_type", ConnectionErrors.Labels));
    private readonly LabelledCounts _recoveries = new(("outcome", _recoveryOutcomes));
    private readonly LabelledCounts _slowConsumers = new(("type", SocketKinds.Labels));
    private readonly LabelledCounts _gaps = new(("kind", EnumLabels.Of<GapKind>()));
    private readonly LabelledCounts _failedProbes = new();
    private readonly Counter<long> _disconnects;
    private readonly Histogram<double> _delivery;
    private readonly Histogram<double> _handOut;
    private readonly Histogram<double> _fanOut;
    private readonly Histogram<double> _recovery;
    private readonly Histogram<double> _roundTrip;
    private readonly Histogram<double> _probe;

    public RealtimeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("websocket_connections_total", _connections.Read, description: "Open sockets, by type.");
        meter.CreateObservableCounter("websocket_connects", _connects.Read, description: "Tries to open a socket, by type and outcome.");
        meter.CreateObservableCounter("websocket_messages_sent", _sent.Read, description: "Events written to sockets, by the sockets' type.");
        meter.CreateObservableCounter("websocket_connection_errors", _errors.Read, description: "Sockets refused or broken, by reason.");
        meter.CreateObservableCounter("websocket_recoveries", _recoveries.Read, description: "Resumptions by cursor, by outcome.");
        meter.CreateObservableCounter("websocket_slow_consumers", _slowConsumers.Read, description: "Sockets closed because their reader did not keep up.");
        meter.CreateObservableCounter("websocket_backplane_gaps", _gaps.Read, description: "Holes in what the backplane carried, filled from the log.");
        meter.CreateObservableCounter("backplane_probe_failures", _failedProbes.Read, description: "Probes that were not heard in time.");
        _disconnects = meter.CreateCounter<long>("websocket_disconnects", description: "Sockets closed, by code.");
        _delivery = meter.CreateHistogram<double>("websocket_delivery_duration", "s", "From taking an event up for its append to the write on a socket: of a hand-out's oldest event, once for each type.");
        _handOut = meter.CreateHistogram<double>("websocket_handout_duration", "s", "From hearing an event from Redis until every socket of this node has it or will.");

        // A dialog has a few sockets, and at most Limits:SocketsPerDialog; an account's list has its operators.
        _fanOut = meter.CreateHistogram(
            "websocket_fanout_sockets",
            description: "Sockets of this node that an event was handed to.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000] });
        _recovery = meter.CreateHistogram<double>("websocket_recovery_duration", "s", "From the upgrade to the seam of replay and live stream.");
        _roundTrip = meter.CreateHistogram<double>("websocket_heartbeat_round_trip", "s", "From a ping to its pong: network and client.");
        _probe = meter.CreateHistogram<double>("backplane_probe_duration", "s", "From publishing a probe to hearing it.");
    }

    /// <summary>It is decided what comes of a try to open a socket.</summary>
    public void Decided(SocketKind kind, ConnectOutcome outcome) => _connects.Add(1, (int)kind, (int)outcome);

    public void Connected(SocketKind kind) => _connections.Add(1, (int)kind);

    public void Disconnected(SocketKind kind, int code)
    {
        // In this order, so that no scrape misses a socket whose end is not counted yet.
        _disconnects.Add(1, Type(SocketKinds.Label(kind)), new("code", CloseCodes.Label(code)));
        _connections.Add(-1, (int)kind);
    }

    public void Refused(ConnectionError error) => _errors.Add(1, (int)error);

    public void Sent(SocketKind kind, int events) => _sent.Add(events, (int)kind);

    /// <summary>Events were handed out.</summary>
    /// <param name="sent">How many were written to sockets at once, by the sockets' kind.</param>
    /// <param name="sockets">How many sockets they were for.</param>
    /// <param name="events">How many events there were.</param>
    /// <param name="elapsed">How long ago the first of them was heard.</param>
    /// <param name="latency">How long ago the oldest of them was appended; null if they are not stored.</param>
    public void HandedOut(in SentEvents sent, int sockets, int events, TimeSpan elapsed, TimeSpan? latency)
    {
        for (var kind = 0; kind < SentEvents.Length; kind++)
        {
            if (sent[kind] == 0)
            {
                continue;
            }

            _sent.Add(sent[kind], kind);
            if (latency is { } whole)
            {
                _delivery.Record(whole.TotalSeconds, Type(SocketKinds.Labels[kind]));
            }
        }

        _handOut.Record(elapsed.TotalSeconds);
        for (var i = 0; i < events; i++)
        {
            _fanOut.Record(sockets);
        }
    }

    /// <summary>All that waited for a socket has left.</summary>
    /// <param name="kind">The socket's kind.</param>
    /// <param name="elapsed">How long the first of it has waited.</param>
    public void Waited(SocketKind kind, TimeSpan elapsed) => _delivery.Record(elapsed.TotalSeconds, Type(SocketKinds.Label(kind)));

    public void Recovered(RecoveryOutcome outcome, TimeSpan duration)
    {
        _recoveries.Add(1, (int)outcome);
        _recovery.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", _recoveryOutcomes[(int)outcome]));
    }

    public void SlowConsumer(SocketKind kind) => _slowConsumers.Add(1, (int)kind);

    public void Gap(GapKind kind) => _gaps.Add(1, (int)kind);

    /// <summary>A socket's pong came.</summary>
    public void RoundTrip(TimeSpan elapsed) => _roundTrip.Record(elapsed.TotalSeconds);

    /// <summary>A probe of the backplane has ended.</summary>
    /// <param name="elapsed">How long it took; null if it was not heard.</param>
    public void Probed(TimeSpan? elapsed)
    {
        if (elapsed is { } heard)
        {
            _probe.Record(heard.TotalSeconds);
        }
        else
        {
            _failedProbes.Add(1);
        }
    }

    private static KeyValuePair<string, object?> Type(string type) => new("type", type);
}
