using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Plots;
using ReplyX.Testing;

namespace ReplyX.Panels.Tests.Dashboards;

public sealed class DashboardFilesTests
{
    [Fact]
    public void The_dashboards_of_the_repository_have_nothing_that_is_not_known()
    {
        var panels = DashboardFiles.Read(Repository.File("observability", "grafana", "dashboards"), [])
            .SelectMany(file => file.Dashboard.Panels ?? [])
            .SelectMany(panel => panel.Type == "row" ? panel.Panels ?? [] : [panel])
            .ToList();

        Assert.NotEmpty(panels);
        Assert.All(panels, panel => Assert.True(PanelBody.Knows(panel), $"{panel.Title}: {panel.Type}"));
        Assert.All(panels, panel => Assert.All(panel.Transformations ?? [], one => Assert.True(TableData.Knows(panel, one), $"{panel.Title}: {one.Id}")));
        Assert.All(panels, panel => Assert.NotNull(new FieldResolver(panel.FieldConfig).Defaults));
    }

    [Fact]
    public void The_overview_comes_first()
    {
        using var folder = new TempDirectory();
        foreach (var name in (string[])["assistant", "overview", "zone"])
        {
            File.WriteAllText(folder.File(name + ".json"), "{}");
        }

        Assert.Equal(["overview", "assistant", "zone"], DashboardFiles.Read(folder.Path, []).Select(file => file.Name));
        Assert.Equal(["zone"], DashboardFiles.Read(folder.Path, ["zone"]).Select(file => file.Name));
    }

    [Fact]
    public void A_file_that_is_no_dashboard_is_named()
    {
        using var folder = new TempDirectory();
        File.WriteAllText(folder.File("bad.json"), "{ \"panels\": 1 }");

        Assert.StartsWith(folder.File("bad.json"), Assert.Throws<DashboardException>(() => DashboardFiles.Read(folder.Path, [])).Message, StringComparison.Ordinal);
    }
}
