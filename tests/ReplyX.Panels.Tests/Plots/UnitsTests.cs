using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Plots;

namespace ReplyX.Panels.Tests.Plots;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "s", "0 s")]
    [InlineData(0.00025, "s", "250 µs")]
    [InlineData(0.25, "s", "250 ms")]
    [InlineData(90, "s", "1.5 min")]
    [InlineData(12, "ms", "12 ms")]
    [InlineData(1536, "bytes", "1.5 KiB")]
    [InlineData(-1536, "bytes", "-1.5 KiB")]
    [InlineData(1500, "decbytes", "1.5 kB")]
    [InlineData(0.9995, "percentunit", "99.95 %", 2)]
    [InlineData(12.345, "percent", "12.3 %")]
    [InlineData(999.9, "short", "1 k")]
    [InlineData(1234567, "short", "1.23 M")]
    [InlineData(1500, "ops", "1.5 kops/s")]
    [InlineData(0.004, "reqps", "0.004 req/s")]
    [InlineData(3, "cps", "3/s")]
    [InlineData(12345, "none", "12,345")]
    [InlineData(2, "suffix:nodes", "2 nodes")]
    [InlineData(2, "furlongs", "2 furlongs")]
    [InlineData(1, "bool_yes_no", "yes")]
    [InlineData(double.PositiveInfinity, "s", "+∞")]
    public void A_value_is_written_in_its_unit(double value, string unit, string expected, int? decimals = null)
        => Assert.Equal(expected, Units.Format(value, unit, decimals));

    [Fact]
    public void A_time_is_written_as_its_age()
        => Assert.Equal("5 min ago", Units.Format(1_000_000, "dateTimeFromNow", now: DateTimeOffset.FromUnixTimeSeconds(1300)));

    [Fact]
    public void A_mapping_comes_first_and_no_value_has_its_own_text()
    {
        var fields = new FieldResolver(new(System.Text.Json.Nodes.JsonNode.Parse(
            """{ "unit": "s", "noValue": "none yet", "mappings": [ { "type": "value", "options": { "0": { "text": "down" } } }, { "type": "range", "options": { "from": 5, "to": 9, "result": { "text": "many" } } } ] }""")!.AsObject()));

        Assert.Equal(["down", "1 s", "many", "none yet"], new[] { 0, 1, 7, double.NaN }.Select(value => Units.Show(fields.Defaults, value, default)));
    }
}
