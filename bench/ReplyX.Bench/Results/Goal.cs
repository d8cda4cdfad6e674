using ReplyX.Bench.Peers;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench.Results;

/// <summary>A limit that ReplyX is meant to keep.</summary>
/// <param name="What">What it is about.</param>
/// <param name="Counted">What is measured for it, on which peers.</param>
/// <param name="Limit">Not more than this.</param>
/// <param name="Reached">What a run came to, or null where that was not measured.</param>
internal sealed record Goal(string What, string Counted, double Limit, Func<BenchResults, double?> Reached)
{
    private const string OurName = "replyx";
    private const string OurSocketName = "replyx-socket";
    private const string OurNodesName = "replyx-4";

    /// <summary>All of them. Ratios are of medians of one run.</summary>
    public static IReadOnlyList<Goal> All { get; } =
    [
        Delivery(AllScenarios.FanOut8, 0.23),
        Delivery(AllScenarios.FanOut1, 0.40),
        Delivery(AllScenarios.Rooms, 0.42),
        Delivery(AllScenarios.LowRate, 0.15),
        Of("a whole message over HTTP", "CPU of all, to SignalR + Redis", AllScenarios.Rooms, OurName, SignalRPeer.WithRedis, 1, m => m.TotalCpu),
        Of("a whole message over the socket", "CPU of all, to SignalR + Redis", AllScenarios.Rooms, OurSocketName, SignalRPeer.WithRedis, 0.6, m => m.TotalCpu),
        Of("median latency", "p50, to SignalR + Redis", AllScenarios.LowRate, OurName, SignalRPeer.WithRedis, 1.2, m => m.P50),
        new($"{AllScenarios.LowRate}: latency of the slowest", "p99, to the slowest round of SignalR + Redis", 1, results =>
            results.Median(AllScenarios.LowRate, OurName, m => m.P99) / Last(results.Values(AllScenarios.LowRate, SignalRPeer.WithRedis, m => m.P99))),
        Of("handshake without token check and subscription", "CPU of all, to SignalR", AllScenarios.BareHandshake, OurName, SignalRPeer.Reference, 0.22, m => m.TotalCpu),
        Of("handshake", "CPU of all, to SignalR", AllScenarios.Handshake, OurName, SignalRPeer.Reference, 0.6, m => m.TotalCpu),
        new($"{AllScenarios.FanOut1}: four nodes for one", "CPU of all Realtime a delivery, to one node", 1.1, results =>
            results.Median(AllScenarios.FanOut1, OurNodesName, m => m.CpuMicroseconds[ReplyXPeer.RealtimeProcess])
            / results.Median(AllScenarios.FanOut1, OurName, m => m.CpuMicroseconds[ReplyXPeer.RealtimeProcess])),
        new($"{AllScenarios.Idle}: memory of a socket", "KiB resident of Realtime", 2, results => results.Median(AllScenarios.Idle, OurName, m => m.ResidentKiB?[ReplyXPeer.RealtimeProcess])),
        new($"{AllScenarios.Herd}: all are served", "seconds from the first connect", 10, results => results.Median(AllScenarios.Herd, OurName, m => m.Seconds)),
    ];

    private static Goal Delivery(string scenario, double limit) => new($"{scenario}: a delivery", "CPU of Realtime alone, to SignalR", limit, results =>
        results.Median(scenario, OurName, m => m.CpuMicroseconds[ReplyXPeer.RealtimeProcess]) / results.Median(scenario, SignalRPeer.Reference, m => m.TotalCpu));

    private static Goal Of(string what, string counted, string scenario, string ours, string theirs, double limit, Func<Measurement, double?> valueOf)
        => new($"{scenario}: {what}", counted, limit, results => results.Median(scenario, ours, valueOf) / results.Median(scenario, theirs, valueOf));

    private static double? Last(IReadOnlyList<double> values) => values.Count == 0 ? null : values[^1];
}
