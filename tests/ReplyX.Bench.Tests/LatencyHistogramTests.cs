using System.Diagnostics;
using ReplyX.Bench.Load;

namespace ReplyX.Bench.Tests;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void A_quantile_is_good_to_two_percent(double share)
    {
        const int Values = 10_000;
        var histogram = new LatencyHistogram();
        for (var i = 1; i <= Values; i++)
        {
            // From 0.1 ms to a second.
            histogram.Record(i * (Stopwatch.Frequency / Values));
        }

        var exact = 1000 * share;
        Assert.InRange(histogram.Quantile(share), exact * 0.98, exact * 1.02);
    }
}
