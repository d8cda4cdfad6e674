using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReplyX.Panels.Dashboards;

// The part of Grafana's dashboard JSON that is drawn here; the rest is ignored. Everything may be missing in a file.

/// <summary>A dashboard file.</summary>
internal sealed record GrafanaDashboard(
    string? Title = null,
    string? Description = null,
    GrafanaTime? Time = null,
    GrafanaList<GrafanaVariable>? Templating = null,
    GrafanaList<GrafanaAnnotation>? Annotations = null,
    IReadOnlyList<GrafanaPanel>? Panels = null)
{
    public IReadOnlyList<GrafanaVariable> Variables => Templating?.List ?? [];
}

internal sealed record GrafanaTime(string? From = null);

internal sealed record GrafanaList<T>(IReadOnlyList<T>? List = null);

internal sealed record GrafanaVariable(
    string Name = "",
    string? Type = null,
    bool IncludeAll = false,
    bool Multi = false,
    string? AllValue = null,
    JsonElement? Query = null,
    GrafanaOption? Current = null,
    IReadOnlyList<GrafanaOption>? Options = null);

internal sealed record GrafanaOption(JsonElement? Value = null);

internal sealed record GrafanaAnnotation(
    string Name = "",
    bool Enable = true,
    string? Expr = null,
    GrafanaTarget? Target = null,
    string? IconColor = null,
    string? TitleFormat = null,
    string? TextFormat = null,
    string? Step = null,
    JsonElement? UseValueForTime = null);

internal sealed record GrafanaPanel(
    string Type = "",
    string? Title = null,
    string? Description = null,
    GrafanaGridPosition? GridPos = null,
    IReadOnlyList<GrafanaTarget>? Targets = null,
    GrafanaFieldConfig? FieldConfig = null,
    GrafanaPanelOptions? Options = null,
    IReadOnlyList<GrafanaTransformation>? Transformations = null,
    IReadOnlyList<GrafanaPanel>? Panels = null,
    string? Interval = null,
    string? Repeat = null);

internal sealed record GrafanaGridPosition(int X = 0, int Y = 0, int W = 24, int H = 8);

internal sealed record GrafanaTarget(
    string RefId = "",
    string? Expr = null,
    string? LegendFormat = null,
    string? Format = null,
    string? Interval = null,
    bool Instant = false,
    bool Range = false,
    bool Hide = false);

internal sealed record GrafanaTransformation(string Id = "", JsonElement? Options = null, bool Disabled = false);

internal sealed record GrafanaFieldConfig(JsonObject? Defaults = null, IReadOnlyList<GrafanaOverride>? Overrides = null);

internal sealed record GrafanaOverride(GrafanaMatcher? Matcher = null, IReadOnlyList<GrafanaProperty>? Properties = null);

internal sealed record GrafanaMatcher(string Id = "", JsonElement? Options = null);

internal sealed record GrafanaProperty(string Id = "", JsonNode? Value = null);

internal sealed record GrafanaPanelOptions(
    GrafanaReduceOptions? ReduceOptions = null,
    string? ColorMode = null,
    string? GraphMode = null,
    string? TextMode = null,
    GrafanaLegend? Legend = null,
    bool Calculate = false,
    GrafanaHeatmapUnit? YAxis = null,
    GrafanaHeatmapUnit? CellValues = null,
    IReadOnlyList<GrafanaSort>? SortBy = null,
    string? Content = null);

internal sealed record GrafanaReduceOptions(IReadOnlyList<string>? Calcs = null);

internal sealed record GrafanaLegend(string? DisplayMode = null, bool ShowLegend = true, IReadOnlyList<string>? Calcs = null);

internal sealed record GrafanaHeatmapUnit(string? Unit = null, int? Decimals = null);

internal sealed record GrafanaSort(string? DisplayName = null, bool Desc = false);
