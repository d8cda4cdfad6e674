using ReplyX.Bench.Peers;
using ReplyX.Bench.Results;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench.Scale;

/// <summary>Takes the simulation's costs from a run of the benchmark, and from a short measurement of Redis.</summary>
internal sealed class MeasuredInput(BenchResults results)
{
    private const string Run = "dotnet run -c Release --project bench/ReplyX.Bench --";
    private const string Replyx = "replyx";
    private const string Micros = "µs CPU";

    // low-rate has two sockets to a room: a message is two deliveries.
    private const int DeliveriesOfMessage = 2;

    /// <summary>Makes the input.</summary>
    /// <param name="results">A run with <c>low-rate</c>, <c>handshake</c>, <c>idle</c> and <c>herd</c> of <c>replyx</c>.</param>
    /// <param name="redis">What <see cref="RedisCosts"/> measured.</param>
    /// <param name="assumed">The assumptions, which measuring leaves as they are.</param>
    public static ScaleInput Of(BenchResults results, (double Subscriber, double Position) redis, Assumptions assumed)
    {
        var on = results.Environment;
        return new ScaleInput
        {
            MeasuredOn = new MeasuredOn(on.Processor, on.Cores, on.System, on.Runtime, on.At, on.LoadAtStart, on.Rounds),
            Measured = new MeasuredInput(results).Costs(redis),
            Assumed = assumed,
        };
    }

    private MeasuredCosts Costs((double Subscriber, double Position) redis) => new()
    {
        RealtimeDelivery = Cpu(AllScenarios.LowRate, ReplyXPeer.RealtimeProcess, "Realtime: a delivery, in dialogs of two at 1,000 messages a second"),
        RealtimeConnect = Cpu(AllScenarios.Handshake, ReplyXPeer.RealtimeProcess, "Realtime: a connect, with token, subscription and `connected`"),
        RealtimeReturn = Cpu(AllScenarios.Herd, ReplyXPeer.RealtimeProcess, "Realtime: a return with a cursor and five missed messages"),
        RealtimeIdle = Cost(AllScenarios.Idle, Micros, "Realtime: an idle socket with its heartbeats, a second", m => m.CpuMicroseconds[ReplyXPeer.RealtimeProcess] / m.Seconds),
        RealtimeKiB = Cost(AllScenarios.Idle, "KiB", "Realtime: memory of an idle socket", m => m.ResidentKiB![ReplyXPeer.RealtimeProcess]),
        ApiMessage = Cpu(AllScenarios.LowRate, ReplyXPeer.ApiProcess, "Api: a message over HTTP", DeliveriesOfMessage),
        RedisMessage = Cpu(
            AllScenarios.LowRate, ReplyXPeer.RedisProcess, "Redis: a message: the append's script, its sync to disk, its publish to one node", DeliveriesOfMessage),
        RedisSubscriber = OfRedis(redis.Subscriber, "Redis: a publish to one more node"),
        RedisPosition = OfRedis(redis.Position, "Redis: where a quiet dialog's log stands, in a pipeline, always the same log"),
        RedisConnect = Cpu(AllScenarios.Handshake, ReplyXPeer.RedisProcess, "Redis: a connect"),
        RedisReturn = Cpu(AllScenarios.Herd, ReplyXPeer.RedisProcess, "Redis: a return with a cursor and five missed messages"),
    };

    private Cost Cpu(string scenario, string process, string what, int times = 1) => Cost(scenario, Micros, what, m => times * m.CpuMicroseconds[process]);

    private Cost Cost(string scenario, string unit, string what, Func<Measurement, double?> valueOf)
    {
        var rounds = results.Values(scenario, Replyx, valueOf);
        return results.Median(scenario, Replyx, valueOf) is { } median
            ? new Cost(Rounded(median), unit, what, $"{Run} compare --peers {Replyx} --scenarios {scenario}", Rounded(rounds[0]), Rounded(rounds[^1]))
            : throw new BenchException($"the run has no {scenario} of {Replyx}");
    }

    private static Cost OfRedis(double value, string what) => new(Rounded(value), Micros, what, $"{Run} constants");

    private static double Rounded(double value) => Math.Round(value, 2);
}
