using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Queries;

/// <summary>One series of a panel.</summary>
/// <param name="Name">As the legend has it.</param>
/// <param name="RefId">Of the target that it came from.</param>
/// <param name="Format">That target's: time_series, table or heatmap.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Samples">In order of time.</param>
internal sealed record Series(string Name, string RefId, string Format, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<Sample> Samples)
{
    /// <summary>A value for each step of the range, NaN where Prometheus has none, so that a line shows the gap.</summary>
    public double[] On(TimeRange range)
    {
        var values = new double[(int)Math.Round(range.Seconds / range.Step.TotalSeconds) + 1];
        Array.Fill(values, double.NaN);
        foreach (var sample in Samples)
        {
            var at = (int)Math.Round((sample.Time - range.From) / range.Step.TotalSeconds);
            if (at >= 0 && at < values.Length && double.IsFinite(sample.Value))
            {
                values[at] = sample.Value;
            }
        }

        return values;
    }
}
