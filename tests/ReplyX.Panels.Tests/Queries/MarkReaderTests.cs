using System.Text.Json;
using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Tests.Queries;

public sealed class MarkReaderTests
{
    private static readonly TimeRange _range = new(0, 100, TimeSpan.FromSeconds(5));
    private static readonly GrafanaAnnotation _annotation = new("Alerts", TitleFormat: "{{alertname}} fires", IconColor: "red");

    [Fact]
    public void Samples_above_zero_are_periods_that_end_where_one_is_missing()
    {
        var marks = Read(_annotation, new(5, 1), new(10, 1), new(15, 0), new(40, 1), new(60, 2));

        Assert.Equal([(5, 10), (40, 40), (60, 60)], marks.Select(mark => (mark.From, mark.To)));
        Assert.Equal([true, false, false], marks.Select(mark => mark.IsPeriod));
        Assert.All(marks, mark => Assert.Equal("NodeDown fires", mark.Title));
    }

    [Fact]
    public void A_value_may_be_the_time_itself_in_milliseconds()
    {
        var annotation = _annotation with { UseValueForTime = JsonSerializer.SerializeToElement(true) };

        Assert.Equal([(42, 42)], Read(annotation, new(50, 42_000), new(55, 42_000), new(60, 900_000)).Select(mark => (mark.From, mark.To)));
    }

    [Fact]
    public void An_annotation_that_is_off_or_of_Grafana_itself_is_not_asked_for()
    {
        Assert.Null(MarkReader.QueryOf(new("Off", Enable: false, Expr: "up")));
        Assert.Null(MarkReader.QueryOf(new("Grafana")));
        Assert.Equal("up", MarkReader.QueryOf(new("On", Target: new(Expr: "up"))));
    }

    private static List<Mark> Read(GrafanaAnnotation annotation, params Sample[] samples)
        => [.. MarkReader.Read(annotation, new(new Dictionary<string, string> { ["alertname"] = "NodeDown" }, samples), _range)];
}
