using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Tests.Queries;

public sealed class SeriesTests
{
    [Fact]
    public void A_gap_of_Prometheus_is_a_gap_of_the_line()
        => Assert.Equal([1, double.NaN, 3], Of(new(10, 1), new(20, 3)).On(new(10, 20, TimeSpan.FromSeconds(5))));

    [Theory]
    [InlineData("lastNotNull", 2)]
    [InlineData("max", 5)]
    [InlineData("mean", 3)]
    [InlineData("sum", 9)]
    [InlineData("range", 3)]
    public void A_series_is_reduced_to_a_value_without_what_is_none(string calculation, double expected)
        => Assert.Equal(expected, Calculation.Of(calculation, Of(new(1, 2), new(2, 5), new(3, 2), new(4, double.NaN))));

    [Fact]
    public void A_name_is_what_tells_a_series_from_the_others()
    {
        PrometheusSeries[] series = [Labelled(("job", "api"), ("code", "200")), Labelled(("job", "api"), ("code", "500"))];

        Assert.Equal(["200", "500"], SeriesNames.Of("__auto", "x", series));
        Assert.Equal(["api: 200", "api: 500"], SeriesNames.Of("{{job}}: {{ code }}{{none}}", "x", series));
        Assert.Equal(["sum(x)"], SeriesNames.Of("", "sum(x)", [new()]));
    }

    private static Series Of(params Sample[] samples) => new("", "A", "", new Dictionary<string, string>(), samples);

    private static PrometheusSeries Labelled(params (string Name, string Value)[] labels) => new(labels.ToDictionary(label => label.Name, label => label.Value));
}
