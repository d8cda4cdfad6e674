using ReplyX.Bench.Results;

namespace ReplyX.Bench.Telemetry;

/// <summary>All that a run came to; <c>telemetry.json</c>.</summary>
internal sealed record TelemetryResults
{
    public required RunEnvironment Environment { get; init; }

    /// <summary>What decided the orders.</summary>
    public required int Seed { get; init; }

    public List<TelemetrySlice> Slices { get; init; } = [];

    /// <summary>Rounds that could not be measured, and deliveries that were lost or doubled.</summary>
    public List<string> Failures { get; init; } = [];

    /// <summary>CPU time of one operation in µs, round by round: all slices of the round taken together.</summary>
    public IReadOnlyDictionary<int, double> CpuByRound(TelemetryLoad load, string configuration, IReadOnlyList<string> processes) => Slices
        .Where(slice => slice.Load == load.Name && slice.Configuration == configuration)
        .GroupBy(slice => slice.Round)
        .ToDictionary(round => round.Key, round => round.Sum(slice => slice.Cpu(processes) * slice.Operations) / round.Sum(slice => slice.Operations));
}
