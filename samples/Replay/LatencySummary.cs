namespace ReplyX.Samples.Replay;

/// <summary>Latencies in short.</summary>
/// <param name="Samples">How many there are.</param>
/// <param name="P50">Half of them are at most this.</param>
/// <param name="P99">99 of 100 are at most this.</param>
/// <param name="Max">The longest.</param>
public readonly record struct LatencySummary(int Samples, TimeSpan P50, TimeSpan P99, TimeSpan Max)
{
    internal static LatencySummary Of(IEnumerable<TimeSpan> latencies)
    {
        var sorted = latencies.Order().ToArray();
        return sorted.Length == 0 ? default : new(sorted.Length, At(sorted, 0.5), At(sorted, 0.99), sorted[^1]);
    }

    /// <summary>The nearest rank, so that every figure is a latency that was measured.</summary>
    private static TimeSpan At(TimeSpan[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
