using System.Xml.Linq;
using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Plots;

/// <summary>A bar for each series.</summary>
internal sealed class BarGaugeBody(PanelView view) : PanelBody
{
    private const double LeastRow = 20;
    private const double LargestRow = 34;
    private const double Gap = 8;

    private readonly IReadOnlyList<(string Name, FieldSettings Settings, double Value, string Text)> _rows =
    [
        .. view.Series.Where(series => series.Samples.Count > 0).Select(series =>
        {
            var settings = view.SettingsOf(series);
            var value = Calculation.Of(view.Calculation, series);
            return (settings.DisplayName ?? series.Name, settings, value, Units.Show(settings, value, view.Range.End));
        }),
    ];

    public override double LeastHeight(double width) => _rows.Count * LeastRow;

    public override IEnumerable<XElement> Draw(double width, double height)
    {
        var pitch = Math.Min(LargestRow, height / _rows.Count);
        var names = Math.Min(width * 0.4, _rows.Max(row => TextWidth.Of(row.Name)) + Gap);
        var values = _rows.Max(row => TextWidth.Of(row.Text)) + Gap;
        // Without a maximum the bars are compared with the longest.
        var largest = _rows.Select(row => row.Value).Where(double.IsFinite).DefaultIfEmpty().Max();
        for (var i = 0; i < _rows.Count; i++)
        {
            var (name, settings, value, text) = _rows[i];
            var (min, max) = Bounds.Of(settings, largest);
            var (top, thick, room) = (i * pitch, pitch - 6, width - names - values);
            yield return Svg.Move(0, 0, Svg.Text(names - Gap, top + (pitch / 2) + 1, TextWidth.Cut(name, names - Gap), anchor: "end"), Svg.Tip($"{name}: {text}"));
            yield return Svg.Rectangle(names, top, room, thick, Theme.Line, radius: 3);
            yield return Svg.Rectangle(names, top, room * (double.IsFinite(value) ? Math.Clamp((value - min) / (max - min), 0, 1) : 0), thick, Colors.OfValue(settings with { Min = min, Max = max }, value, i).Css(), radius: 3);
            yield return Svg.Text(width, top + (pitch / 2) + 1, text, anchor: "end", isBold: true);
        }
    }
}
