using System.Xml.Linq;
using ReplyX.Testing;

namespace ReplyX.Panels.Tests;

public sealed class PanelsTests(PrometheusFixture prometheus) : IClassFixture<PrometheusFixture>
{
    private const string BadQuery =
        """
        { "title": "Bad", "time": { "from": "now-1m" }, "panels": [
          { "type": "stat", "title": "Broken", "targets": [ { "refId": "B", "expr": "sum(rate(up)" } ] },
          { "type": "stat", "title": "Whole", "targets": [ { "refId": "A", "expr": "sum(pool_fill)" } ] }
        ] }
        """;

    [Fact]
    public async Task A_page_has_every_panel_with_its_title_and_unit_and_series()
    {
        using var run = await RunAsync();

        Assert.Equal((PanelsCommand.Good, ""), (run.ExitCode, run.Errors));
        Assert.Equal("Test & <try>", run.Page.Element("body")!.Element("section")!.Element("h1")!.Value);
        var requests = run.TextsOf(TestDashboard.MarkupTitle);
        Assert.Contains("/dialogs", requests);
        Assert.Contains("By route, all.", requests);
        Assert.Contains("0 req/s", requests);
        Assert.Contains("1.5 MiB", run.TextsOf("Memory"));
        AssertHas(["widget", "operator", "25 %", "75 %"], run.TextsOf("Pool"));
        AssertHas(["widget", "operator", "25 %", "75 %"], run.TextsOf("Pools"));
        Assert.Equal(["Pool", "operator", "widget", "Fill", "75 %", "25 %"], run.TextsOf("Pools as a table").Skip(1));
        AssertHas(["10 ms", "250 ms"], run.TextsOf("Delivery"));
        AssertHas(["node a", "in drain"], run.TextsOf("Nodes"));
        Assert.Equal("States", run.Page.Descendants("h2").Single().Value);
    }

    [Fact]
    public async Task A_threshold_is_a_line_and_stands_in_the_legend()
    {
        using var run = await RunAsync();

        Assert.Contains("≥ 12 req/s", run.TextsOf(TestDashboard.MarkupTitle));
        var limit = Assert.Single(LinesOf(run.Panel(TestDashboard.MarkupTitle), "rgb(208,1,2)"));
        Assert.Equal(limit[0].Y, limit[1].Y);
        Assert.NotEqual(limit[0].X, limit[1].X);
        Assert.Contains(run.Panel("Memory").Descendants(), text => text.Value == "1.5 MiB" && text.Attribute("fill")?.Value == "rgb(208,209,210)");
    }

    [Fact]
    public async Task Series_that_are_stacked_lie_on_each_other_and_an_override_gives_the_color()
    {
        using var run = await RunAsync();

        var panel = run.Panel(TestDashboard.MarkupTitle);
        var lower = LinesOf(panel, "rgb(1,2,208)").First();
        var upper = LinesOf(panel, "rgb(224,129,44)").First();
        // 10 requests a scrape in one and 20 in the other come to three times the lower one; SVG's y goes down.
        var ground = double.Parse(panel.Descendants().Last(element => element.Value == "0 req/s").Attribute("transform")!.Value.TrimEnd(')').Split(',')[1]);
        Assert.Equal(3, (ground - upper[^1].Y) / (ground - lower[^1].Y), 0.2);
    }

    [Fact]
    public async Task An_annotation_is_a_band_with_its_name_and_in_the_list_of_marks()
    {
        using var run = await RunAsync();

        Assert.Contains("node a drains", run.TextsOf(TestDashboard.MarkupTitle));
        Assert.Contains(run.Panel(TestDashboard.MarkupTitle).Descendants(), element => element.Attribute("style")?.Value.StartsWith("fill:rgb(224,123,26);fill-opacity:", StringComparison.Ordinal) == true);
        var mark = Assert.Single(run.Page.Descendants("li"));
        Assert.EndsWith(": node a drains", mark.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_titles_and_labels_stays_text()
    {
        using var run = await RunAsync();

        Assert.Contains(TestDashboard.MarkupTitle, run.TextsOf(TestDashboard.MarkupTitle));
        Assert.Contains(ScrapedService.Markup, run.TextsOf(TestDashboard.MarkupTitle));
        Assert.DoesNotContain(run.Page.DescendantsAndSelf(), element => element.Name.LocalName is "script" or "b" or "try");
        Assert.DoesNotContain("<script", await File.ReadAllTextAsync(run.PagePath, TestTimeout.Token()), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_panel_without_data_says_so()
    {
        using var run = await RunAsync();

        Assert.Contains("no data", run.TextsOf("Nothing"));
        Assert.DoesNotContain("no data", run.TextsOf(TestDashboard.MarkupTitle));
    }

    [Fact]
    public async Task A_panel_of_an_unknown_type_is_a_time_series_and_it_is_said_once()
    {
        using var run = await RunAsync();

        Assert.Contains("memory", run.TextsOf("Of a kind that is not known"));
        Assert.Single(run.Output.Split('\n'), line => line.Trim() == "Of a kind that is not known: piechart is not known here, and drawn as a time series");
    }

    [Fact]
    public async Task Every_clip_path_of_the_page_is_its_own()
    {
        using var run = await RunAsync();

        var ids = run.Page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(run.Page.Descendants().Attributes("clip-path"), clip => Assert.Contains(clip.Value, ids.Select(id => $"url(#{id})")));
    }

    [Fact]
    public async Task A_variable_that_is_given_narrows_the_series()
    {
        using var run = await RunAsync("--var", "route=/dialogs");

        Assert.Contains("By route, /dialogs.", run.TextsOf(TestDashboard.MarkupTitle));
        Assert.Contains("/dialogs", run.TextsOf(TestDashboard.MarkupTitle));
        Assert.DoesNotContain(ScrapedService.Markup, run.TextsOf(TestDashboard.MarkupTitle));
    }

    [Fact]
    public async Task A_query_that_fails_is_named_and_the_other_panels_are_drawn()
    {
        RequiredTool.Path("prometheus");
        using var run = await PanelsRun.OfAsync(prometheus.Url, BadQuery, "--to", prometheus.End);

        Assert.Equal(PanelsCommand.Failed, run.ExitCode);
        Assert.StartsWith("ReplyX.Panels: test, panel \"Broken\", target B: bad_data: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(run.TextsOf("Broken"), text => text.StartsWith("target B: bad_data:", StringComparison.Ordinal));
        Assert.Contains("1", run.TextsOf("Whole"));
    }

    [Theory]
    [InlineData("svg", 9)]
    [InlineData("svg-dashboard", 1)]
    public async Task Pictures_are_files_of_their_own(string format, int count)
    {
        using var run = await RunAsync("--format", format, "--out", "@pictures");

        var files = run.Files("pictures");
        Assert.Equal(count, files.Count);
        Assert.All(files, file => Assert.Equal("svg", XDocument.Load(file).Root!.Name.LocalName));
        Assert.Equal(9, files.Sum(file => XDocument.Load(file).Root!.DescendantsAndSelf().Attributes("aria-label").Count()));
    }

    [Fact]
    public async Task Without_Prometheus_nothing_is_written_and_it_is_said_where_it_was_looked_for()
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        using var run = await PanelsRun.OfAsync(url, TestDashboard.Json);

        Assert.Equal(PanelsCommand.Failed, run.ExitCode);
        Assert.StartsWith($"ReplyX.Panels: Prometheus does not answer at {url}/", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(run.PagePath));
    }

    [Theory]
    [InlineData("--var", "nobody=1", "--var nobody: no dashboard has such a variable")]
    [InlineData("--dashboard", "none", "--dashboard none: there is none of this name, but test")]
    [InlineData("--last", "soon", "--last soon: no such option, or not a valid value")]
    public async Task What_cannot_be_done_is_refused_with_the_usage(string option, string value, string said)
    {
        using var run = await PanelsRun.OfAsync(prometheus.Url, TestDashboard.Json, option, value);

        Assert.Equal(PanelsCommand.BadUsage, run.ExitCode);
        Assert.StartsWith($"ReplyX.Panels: {said}\n{PanelsOptions.Usage}", run.Errors, StringComparison.Ordinal);
    }

    private Task<PanelsRun> RunAsync(params string[] arguments)
    {
        RequiredTool.Path("prometheus");
        return PanelsRun.OfAsync(prometheus.Url, TestDashboard.Json, ["--to", prometheus.End, .. arguments]);
    }

    private static void AssertHas(string[] expected, IReadOnlyList<string> texts) => Assert.All(expected, text => Assert.Contains(text, texts));

    /// <summary>The points of each line of a color.</summary>
    private static List<List<(double X, double Y)>> LinesOf(XElement panel, string color) =>
    [
        .. panel.Descendants()
            .Where(element => element.Name.LocalName == "polyline" && element.Attribute("style")?.Value.Contains($"stroke:{color}", StringComparison.Ordinal) == true)
            .Select(line => line.Attribute("points")!.Value.Split(' ').Select(point => (double.Parse(point.Split(',')[0]), double.Parse(point.Split(',')[1]))).ToList()),
    ];
}
