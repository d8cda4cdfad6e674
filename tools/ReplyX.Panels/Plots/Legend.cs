using System.Xml.Linq;

namespace ReplyX.Panels.Plots;

internal enum LegendSign
{
    /// <summary>A series.</summary>
    Square,

    /// <summary>A threshold or an event.</summary>
    Dash,

    /// <summary>A period.</summary>
    Band,
}

/// <param name="Text">What it is.</param>
/// <param name="Color">The colour that it is drawn in.</param>
/// <param name="Sign">The manner.</param>
internal sealed record LegendEntry(string Text, string Color, LegendSign Sign = LegendSign.Square);

/// <summary>Entries in rows, as many as it takes.</summary>
internal sealed class Legend
{
    private const double SignWidth = 16;
    private const double Gap = 14;
    private const int MostEntries = 40;

    private readonly List<(double X, double Y, LegendEntry Entry, string Text)> _placed = [];

    public Legend(IReadOnlyList<LegendEntry> entries, double width)
    {
        var shown = entries.Count <= MostEntries ? entries : [.. entries.Take(MostEntries), new($"and {entries.Count - MostEntries} more", "none")];
        var (x, y) = (0d, 0d);
        foreach (var entry in shown)
        {
            var text = TextWidth.Cut(entry.Text, width - SignWidth);
            var needed = SignWidth + TextWidth.Of(text);
            if (x > 0 && x + needed > width)
            {
                (x, y) = (0, y + Theme.LineHeight);
            }

            _placed.Add((x, y, entry, text));
            x += needed + Gap;
        }

        Height = shown.Count == 0 ? 0 : y + Theme.LineHeight + 4;
    }

    public double Height { get; }

    public XElement Draw(double left, double top) => Svg.Move(left, top, [.. _placed.Select(one => Svg.Move(
        one.X,
        one.Y,
        Sign(one.Entry),
        Svg.Text(SignWidth, 11, one.Text),
        one.Text == one.Entry.Text ? null : Svg.Tip(one.Entry.Text)))]);

    private static XElement Sign(LegendEntry entry) => entry.Sign switch
    {
        LegendSign.Dash => Svg.Element(
            "line", Svg.Set("x1", 0), Svg.Set("x2", 12), Svg.Set("y1", 7), Svg.Set("y2", 7), Svg.Set("stroke", entry.Color), Svg.Set("stroke-width", 2), Svg.Set("stroke-dasharray", "4 2")),
        LegendSign.Band => WithOpacity(Svg.Rectangle(0, 1, 12, 12, entry.Color)),
        _ => Svg.Rectangle(0, 2, 10, 10, entry.Color, radius: 2),
    };

    private static XElement WithOpacity(XElement element)
    {
        element.Add(Svg.Set("fill-opacity", 0.3));
        return element;
    }
}
