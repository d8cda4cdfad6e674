using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.Nodes;
using ReplyX.Messaging.Redis;

namespace ReplyX.Api.Telemetry;

/// <summary>How Redis and the realtime nodes were when this instance last looked. docs/observability.md lists it.</summary>
internal sealed class RedisMetrics
{
    private static readonly KeyValuePair<string, object?> _ready = new("state", "ready");
    private static readonly KeyValuePair<string, object?> _draining = new("state", "draining");

    private readonly Histogram<double> _roundTrip;
    private RedisReport? _redis;
    private IReadOnlyList<NodeReport>? _nodes;

    public RedisMetrics(IMeterFactory meters, IOptions<MessagingOptions> messaging)
    {
        var meter = meters.Create(ApiMetrics.MeterName);
        meter.CreateObservableGauge("redis_up", () => _redis is null ? 0 : 1, description: "1 if Redis answered the last look.");
        meter.CreateObservableGauge("redis_memory_used", () => Told(_redis?.UsedMemory), "By", "Memory that Redis' data take.");
        meter.CreateObservableGauge("redis_memory_limit", () => Told(_redis?.MemoryLimit), "By", "The most memory that they may take.");
        meter.CreateObservableGauge("redis_connected_clients", () => Told(_redis?.Clients), description: "Connections that Redis has.");
        meter.CreateObservableCounter("redis_commands_processed", () => Told(_redis?.Commands), description: "Commands that Redis has executed since its start.");
        meter.CreateObservableGauge(
            "redis_persistence_ok",
            () => Told(_redis?.IsPersisting switch { true => 1, false => 0, null => null }),
            description: "1 if the last write of the append-only file went well.");
        meter.CreateObservableGauge("redis_replicas", () => Told(_redis?.Replicas), description: "Replicas that are connected to Redis.");
        meter.CreateObservableGauge("redis_replicas_required", () => messaging.Value.Replicas, description: "Replicas that must have an append before it is acknowledged.");
        meter.CreateObservableGauge(
            "realtime_nodes",
            () => _nodes is { } nodes ? [new(nodes.Count(node => node.Ready), _ready), new(nodes.Count(node => !node.Ready), _draining)] : Enumerable.Empty<Measurement<int>>(),
            description: "Realtime nodes with a lease, by state.");
        _roundTrip = meter.CreateHistogram<double>("redis_round_trip_duration", "s", "A PING there and back.");
    }

    /// <summary>Takes note of a look.</summary>
    /// <param name="redis">What Redis said; null if it did not answer.</param>
    /// <param name="nodes">The nodes with a lease; null if they are not known.</param>
    public void Seen(RedisReport? redis, IReadOnlyList<NodeReport>? nodes)
    {
        _redis = redis;
        _nodes = nodes;
        if (redis is not null)
        {
            _roundTrip.Record(redis.RoundTrip.TotalSeconds);
        }
    }

    // No series at all where nothing is known: a zero would look like an answer.
    private static IEnumerable<Measurement<long>> Told(long? value) => value is { } known ? [new(known)] : [];
}
