using ReplyX.Panels.Plots;

namespace ReplyX.Panels.Pages;

/// <summary>Grafana's grid of 24 columns, in pixels. Panels grow where their content needs it, and push what is below.</summary>
internal static class GridLayout
{
    public const int Columns = 24;
    public const double Width = 1344;
    public const double Gap = 8;

    private const double ColumnWidth = Width / Columns;
    private const double RowHeight = 38;

    /// <summary>Each panel of a section with its drawing's place.</summary>
    public static IReadOnlyList<PlacedPanel> Place(SectionView section)
    {
        var placed = new List<PlacedPanel>();
        // Those that begin and end together in Grafana do so here, also where one of them had to grow.
        foreach (var band in section.Panels.GroupBy(panel => (panel.Position.Y, panel.Position.H)))
        {
            var drawings = band.Select(panel => (Panel: panel, Drawing: new PanelDrawing(panel, (panel.Position.W * ColumnWidth) - Gap))).ToList();
            var height = Math.Max((band.Key.H * RowHeight) - Gap, drawings.Max(one => one.Drawing.LeastHeight));
            foreach (var (panel, drawing) in drawings)
            {
                var (left, right) = (panel.Position.X, panel.Position.X + panel.Position.W);
                var top = placed
                    .Where(other => other.Panel.Position.Y < panel.Position.Y && other.Panel.Position.X < right && other.Panel.Position.X + other.Panel.Position.W > left)
                    .Select(other => other.Top + other.Height + Gap)
                    .DefaultIfEmpty()
                    .Max();
                placed.Add(new(panel, drawing.Draw(height), left * ColumnWidth, top, (panel.Position.W * ColumnWidth) - Gap, height));
            }
        }

        return placed;
    }
}
