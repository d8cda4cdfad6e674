using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Plots;

namespace ReplyX.Panels.Tests.Plots;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0, 93, null, new[] { "0", "20", "40", "60", "80", "100" })]
    [InlineData(0, 0.0042, "s", new[] { "0 s", "1 ms", "2 ms", "3 ms", "4 ms", "5 ms" })]
    [InlineData(0, 250, "s", new[] { "0 s", "1 min", "2 min", "3 min", "4 min", "5 min" })]
    [InlineData(0, 5_000_000, "bytes", new[] { "0 B", "1 MiB", "2 MiB", "3 MiB", "4 MiB", "5 MiB" })]
    [InlineData(1000.1, 1000.4, "short", new[] { "1.0001 k", "1.0002 k", "1.0003 k", "1.0004 k" })]
    [InlineData(7, 7, "short", new[] { "2", "4", "6", "8", "10", "12" })]
    public void Steps_are_round_in_the_unit_and_labels_differ(double min, double max, string? unit, string[] expected)
    {
        var scale = ValueScale.Of((min, max), null, null, unit, 5);
        Assert.Equal(expected, scale.Ticks().Select(scale.Label));
    }

    [Fact]
    public void Bounds_that_are_given_hold()
    {
        var scale = ValueScale.Of((3, 7), 0, 25, "short", 5);
        Assert.Equal((0, 25), (scale.Min, scale.Max));
    }

    [Fact]
    public void Percentages_of_thresholds_are_of_the_bounds()
    {
        var thresholds = new Thresholds("percentage", [new("red", 80), new("green")]);

        Assert.Equal([(double.NegativeInfinity, "green"), (180, "red")], thresholds.Absolute(100, 200));
        Assert.Equal(("green", "red"), (thresholds.ColorOf(179, 100, 200), thresholds.ColorOf(180, 100, 200)));
    }
}
