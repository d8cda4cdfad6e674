using System.Globalization;
using System.Xml.Linq;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Plots;

/// <summary>Arcs from least to most, with the thresholds around them.</summary>
internal sealed class GaugeBody(PanelView view) : PanelBody
{
    private const double Least = 100;
    private const double LeastWidth = 130;

    // The arc begins and ends this far below the horizontal.
    private const double Below = Math.PI / 9;

    private readonly IReadOnlyList<Series> _series = [.. view.Series.Where(series => series.Samples.Count > 0)];

    public override double LeastHeight(double width) => Least * Math.Ceiling((double)_series.Count / Columns(width));

    public override IEnumerable<XElement> Draw(double width, double height)
    {
        var columns = Columns(width);
        var (cellWidth, cellHeight) = (width / columns, height / Math.Ceiling((double)_series.Count / columns));
        return _series.Select((series, i) => Svg.Move(i % columns * cellWidth, Math.Floor((double)i / columns) * cellHeight, [.. Gauge(series, cellWidth, cellHeight)]));
    }

    private IEnumerable<XElement> Gauge(Series series, double width, double height)
    {
        var settings = view.SettingsOf(series);
        var value = Calculation.Of(view.Calculation, series);
        var (min, max) = Bounds.Of(settings, value);
        var name = _series.Count > 1 ? settings.DisplayName ?? series.Name : "";
        var room = height - (name.Length > 0 ? Theme.LineHeight : 0);
        var radius = Math.Min((width - 8) / 2, room / (1 + Math.Sin(Below)) - 4);
        var (x, y) = (width / 2, radius + 4);
        var thickness = radius * 0.22;
        yield return Arc(x, y, radius - (thickness / 2) - 5, thickness, 0, 1, Theme.Line);
        if (double.IsFinite(value))
        {
            yield return Arc(x, y, radius - (thickness / 2) - 5, thickness, 0, Share(value), Colors.OfValue(settings with { Min = min, Max = max }, value).Css());
        }

        var limits = settings.Thresholds?.Absolute(min, max) ?? [];
        for (var i = 0; i < limits.Count; i++)
        {
            yield return Arc(x, y, radius - 1.5, 3, Share(limits[i].From), i + 1 < limits.Count ? Share(limits[i + 1].From) : 1, Colors.Parse(limits[i].Color).Css());
        }

        var text = Units.Show(settings, value, view.Range.End);
        yield return Svg.Text(x, y + 4, text, Math.Min(28, (radius * 1.2) / TextWidth.Of(text, 1)), anchor: "middle", isBold: true);
        yield return Svg.Text(x, height - 3, TextWidth.Cut(name, width), color: Theme.Muted, anchor: "middle");

        double Share(double at) => Math.Clamp((at - min) / (max - min), 0, 1);
    }

    private static XElement Arc(double x, double y, double radius, double thickness, double from, double to, string color)
    {
        var whole = Math.PI + (2 * Below);
        var (start, end) = (Math.PI - Below + (from * whole), Math.PI - Below + (to * whole));
        var isLarge = end - start > Math.PI ? 1 : 0;
        return Svg.Element(
            "path",
            new XAttribute("d", string.Create(
                CultureInfo.InvariantCulture,
                $"M {x + (radius * Math.Cos(start)):0.##} {y + (radius * Math.Sin(start)):0.##} A {radius:0.##} {radius:0.##} 0 {isLarge} 1 {x + (radius * Math.Cos(end)):0.##} {y + (radius * Math.Sin(end)):0.##}")),
            Svg.Set("fill", "none"),
            Svg.Set("stroke", color),
            Svg.Set("stroke-width", thickness));
    }

    private int Columns(double width) => Math.Clamp((int)(width / LeastWidth), 1, Math.Max(1, _series.Count));
}
