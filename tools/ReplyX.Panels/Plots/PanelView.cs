using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Plots;

/// <summary>A panel with all that was found for it.</summary>
internal sealed record PanelView
{
    public required GrafanaPanel Panel { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    public required FieldResolver Fields { get; init; }

    public required TimeRange Range { get; init; }

    public required IReadOnlyList<Series> Series { get; init; }

    public required IReadOnlyList<Mark> Marks { get; init; }

    /// <summary>Queries that failed, each with its target.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>What is drawn otherwise than in Grafana.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public GrafanaGridPosition Position => Panel.GridPos ?? new();

    public GrafanaPanelOptions Options => Panel.Options ?? new();

    public bool HasData => Series.Any(series => series.Samples.Any(sample => double.IsFinite(sample.Value)));

    /// <summary>How a panel reduces each series to a value.</summary>
    public string Calculation => Options.ReduceOptions?.Calcs is [var first, ..] ? first : Queries.Calculation.Last;

    public FieldSettings SettingsOf(Series series) => Fields.For(series.Name, series.RefId);
}
