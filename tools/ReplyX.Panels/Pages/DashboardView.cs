using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Plots;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Pages;

/// <summary>A dashboard with all that was found for it.</summary>
internal sealed record DashboardView
{
    /// <summary>Its file's name without .json.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    public required TimeRange Range { get; init; }

    /// <summary>The variables and their values, for the head.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    public required IReadOnlyList<SectionView> Sections { get; init; }

    public required IReadOnlyList<Mark> Marks { get; init; }

    /// <summary>What is wrong with the annotations.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    public IReadOnlyList<PanelView> Panels => [.. Sections.SelectMany(section => section.Panels)];
}

/// <param name="Title">The row's title, or empty for the panels above the first row.</param>
/// <param name="Panels">Its panels.</param>
internal sealed record SectionView(string Title, IReadOnlyList<PanelView> Panels);
