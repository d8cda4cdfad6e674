using ReplyX.Bench.Results;

namespace ReplyX.Bench.Telemetry;

/// <summary>How much more CPU time a configuration may take than another.</summary>
/// <param name="Load">Under which load.</param>
/// <param name="Configuration">The one with more telemetry.</param>
/// <param name="Reference">The one with less.</param>
internal sealed record TelemetryGoal(TelemetryLoad Load, string Configuration, string Reference)
{
    public const double Limit = 1.03;

    public static IReadOnlyList<TelemetryGoal> All { get; } =
    [
        .. from load in TelemetryLoad.All
           from step in (IEnumerable<(string, string)>)
           [
               (TelemetryConfiguration.Metrics, TelemetryConfiguration.Nothing),
               (TelemetryConfiguration.Everything, TelemetryConfiguration.Metrics),
           ]
           select new TelemetryGoal(load, step.Item1, step.Item2),
    ];

    public string Title => $"{Configuration} / {Reference}, CPU a {Load.Operation}";

    /// <summary>The ratio of each round, in order of size.</summary>
    public IReadOnlyList<double> Ratios(TelemetryResults results)
    {
        var references = results.CpuByRound(Load, Reference, Load.Judged);
        return
        [
            .. results.CpuByRound(Load, Configuration, Load.Judged)
                .Where(round => references.ContainsKey(round.Key))
                .Select(round => round.Value / references[round.Key])
                .Order(),
        ];
    }

    /// <summary>The median of the rounds, or null where nothing was measured.</summary>
    public double? Reached(TelemetryResults results) => Ratios(results) is { Count: > 0 } ratios ? Middle.Of(ratios) : null;
}
