namespace ReplyX.Bench.Replicas;

/// <summary>What came of one slice.</summary>
/// <param name="Rate">Appends a second.</param>
/// <param name="Median">The middle of their times, in milliseconds.</param>
/// <param name="Late">The time that one of a hundred exceeds.</param>
internal readonly record struct Slice(double Rate, double Median, double Late)
{
    public static Slice Of(List<double> took, TimeSpan duration)
    {
        took.Sort();
        return new Slice(took.Count / duration.TotalSeconds, took[took.Count / 2], took[took.Count * 99 / 100]);
    }

    public static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
