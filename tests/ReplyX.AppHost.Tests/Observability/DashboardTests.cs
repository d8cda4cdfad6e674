using System.Text.Json;
using ReplyX.Testing;

namespace ReplyX.AppHost.Tests.Observability;

/// <summary>Grafana's dashboards, where Grafana is not to be had: by its published types, and by what a reader wants of every panel.</summary>
public sealed class DashboardTests
{
    private static readonly string _source = Repository.File("eng", "grafana");

    [Fact]
    public async Task They_are_what_their_code_writes_and_as_Grafanas_types_want()
    {
        await NodePackages.InstallAsync(_source);

        var (exitCode, output) = await NodePackages.RunAsync(_source, "check");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Every_panel_says_what_it_shows_and_in_which_unit()
    {
        var panels = Directory.EnumerateFiles(Repository.File("observability", "grafana", "dashboards"), "*.json")
            .SelectMany(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("panels").EnumerateArray())
            .ToList();

        Assert.True(panels.Count > 50);
        Assert.All(panels, panel =>
        {
            var title = panel.GetProperty("title").GetString();
            Assert.False(string.IsNullOrWhiteSpace(title));
            Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("description").GetString()), title);
            var type = panel.GetProperty("type").GetString();
            var isOfNumbers = type is not ("table" or "state-timeline" or "heatmap");
            Assert.True(!isOfNumbers || panel.GetProperty("fieldConfig").GetProperty("defaults").TryGetProperty("unit", out _), $"{title} has no unit");
        });
    }
}
