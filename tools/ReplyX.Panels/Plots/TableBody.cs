using System.Xml.Linq;

namespace ReplyX.Panels.Plots;

/// <summary>A table; its panel grows with it, since there is no scrolling in a picture.</summary>
internal sealed class TableBody(PanelView view) : PanelBody
{
    private const double RowHeight = 20;
    private const double CellGap = 14;
    private const int MostRows = 100;

    private readonly TableData _data = new(view);

    private int Shown => Math.Min(_data.Rows.Count, MostRows);

    public override double LeastHeight(double width) => (Shown + (Shown < _data.Rows.Count ? 2 : 1)) * RowHeight;

    public override IEnumerable<XElement> Draw(double width, double height)
    {
        var columns = _data.Columns.Select(name => (Name: name, Cells: _data.Rows.Take(Shown).Select(row => Cell(name, row.GetValueOrDefault(name))).ToList()))
            .Where(column => column.Cells.All(cell => cell is { IsHidden: false }))
            .Select(column => (column.Name, Heading: column.Cells.Select(cell => cell.Heading).First(), column.Cells))
            .ToList();
        var widths = columns.Select(column => column.Cells.Max(cell => TextWidth.Of(cell.Text)) is var widest ? Math.Max(widest, TextWidth.Of(column.Heading)) + CellGap : 0).ToList();
        var scale = width / Math.Max(1, widths.Sum());
        var left = 0d;
        for (var i = 0; i < columns.Count; i++)
        {
            var room = widths[i] * scale;
            var isNumber = columns[i].Cells.All(cell => cell.IsNumber);
            var (x, anchor) = isNumber ? (left + room - 4, "end") : (left + 4, "start");
            yield return Svg.Text(x, 13, TextWidth.Cut(columns[i].Heading, room - 4), color: Theme.Muted, anchor: anchor, isBold: true);
            for (var row = 0; row < Shown; row++)
            {
                var cell = columns[i].Cells[row];
                var text = TextWidth.Cut(cell.Text, room - 4);
                yield return Svg.Move(0, (row + 1) * RowHeight, Svg.Text(x, 14, text, color: cell.Color, anchor: anchor), text == cell.Text ? null : Svg.Tip(cell.Text));
            }

            left += room;
        }

        for (var row = 1; row <= Shown; row++)
        {
            yield return Svg.Rectangle(0, row * RowHeight, width, 1, Theme.Line);
        }

        if (Shown < _data.Rows.Count)
        {
            yield return Svg.Text(4, ((Shown + 1) * RowHeight) + 14, $"and {_data.Rows.Count - Shown} more rows", color: Theme.Muted);
        }
    }

    private (string Heading, string Text, string Color, bool IsNumber, bool IsHidden) Cell(string column, TableCell? cell)
    {
        var settings = view.Fields.For(column, cell?.RefId ?? "");
        var isHidden = settings.Custom?.Hidden is { ValueKind: System.Text.Json.JsonValueKind.True };
        var isColored = settings.Custom?.CellOptions?.Type?.StartsWith("color", StringComparison.Ordinal) == true;
        if (cell?.Number is not { } value)
        {
            var (text, color) = settings.Map(cell?.Text ?? "");
            return (settings.DisplayName ?? column, text ?? cell?.Text ?? "", isColored && color is not null ? Colors.Parse(color).Css() : Theme.Ink, cell is null, isHidden);
        }

        return (settings.DisplayName ?? column, Units.Show(settings, value, view.Range.End), isColored ? Colors.OfValue(settings, value).Css() : Theme.Ink, true, isHidden);
    }
}
