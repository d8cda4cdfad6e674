namespace ReplyX.Bench.Results;

/// <summary>All that a run came to; <c>compare.json</c>.</summary>
internal sealed record BenchResults
{
    public required RunEnvironment Environment { get; init; }

    /// <summary>The peers that were asked for, by name.</summary>
    public required IReadOnlyList<string> Peers { get; init; }

    /// <summary>The scenarios that were asked for, by name.</summary>
    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>The peers that were not measured, and why.</summary>
    public required IReadOnlyDictionary<string, string> Skipped { get; init; }

    public List<Measurement> Measurements { get; init; } = [];

    /// <summary>Measurements that could not be taken.</summary>
    public List<string> Failures { get; init; } = [];

    /// <summary>The median over the rounds, or null where nothing was measured.</summary>
    public double? Median(string scenario, string peer, Func<Measurement, double?> valueOf)
    {
        var values = Values(scenario, peer, valueOf);
        return values.Count == 0 ? null : Middle.Of(values);
    }

    /// <summary>The values of all rounds, in order.</summary>
    public IReadOnlyList<double> Values(string scenario, string peer, Func<Measurement, double?> valueOf)
        => [.. Measurements.Where(m => m.Scenario == scenario && m.Peer == peer).Select(valueOf).OfType<double>().Order()];
}
