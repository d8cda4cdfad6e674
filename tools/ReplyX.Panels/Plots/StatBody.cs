using System.Globalization;
using System.Xml.Linq;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Plots;

/// <summary>Large numbers, each with its course below it.</summary>
internal sealed class StatBody(PanelView view) : PanelBody
{
    private const double LeastCell = 60;
    private const double LeastWidth = 110;
    private const double LargestText = 38;
    private const double SparkShare = 0.32;
    private const double Gap = 6;

    private readonly IReadOnlyList<Series> _series = [.. view.Series.Where(series => series.Samples.Count > 0)];

    public override double LeastHeight(double width) => Rows(width) * LeastCell;

    public override IEnumerable<XElement> Draw(double width, double height)
    {
        var columns = Columns(width);
        var (cellWidth, cellHeight) = (width / columns, height / Rows(width));
        return _series.Select((series, i) => Svg.Move(
            i % columns * cellWidth,
            Math.Floor((double)i / columns) * cellHeight,
            [.. Cell(series, i, cellWidth - (columns > 1 ? Gap : 0), cellHeight - (Rows(width) > 1 ? Gap : 0))]));
    }

    private IEnumerable<XElement> Cell(Series series, int index, double width, double height)
    {
        var settings = view.SettingsOf(series);
        var value = Calculation.Of(view.Calculation, series);
        var name = settings.DisplayName ?? series.Name;
        var isNameAlone = view.Options.TextMode == "name";
        var text = isNameAlone ? TextWidth.Cut(name, width, Theme.TitleSize) : Units.Show(settings, value, view.Range.End);
        var color = Colors.OfValue(settings, value, index).Css();
        var isFilled = view.Options.ColorMode is "background" or "background_solid";
        var (textColor, softColor) = isFilled ? ("#ffffff", "#ffffff") : (view.Options.ColorMode == "none" ? Theme.Ink : color, color);
        if (isFilled)
        {
            yield return Svg.Rectangle(0, 0, width, height, color, radius: 4);
        }

        var hasSpark = view.Options.GraphMode is null or "area" && series.Samples.Count > 1;
        if (hasSpark)
        {
            yield return Spark(series, softColor, width, height);
        }

        var hasName = !isNameAlone && name.Length > 0 && view.Options.TextMode != "value" && (_series.Count > 1 || view.Options.TextMode == "value_and_name");
        var room = (hasSpark ? height * (1 - SparkShare) : height) - (hasName ? Theme.LineHeight : 0);
        if (hasName)
        {
            yield return Svg.Text(width / 2, 12, TextWidth.Cut(name, width - 4), color: isFilled ? textColor : Theme.Muted, anchor: "middle");
        }

        var size = Math.Min(Math.Min(LargestText, room * 0.75), (width - 8) / TextWidth.Of(text, 1));
        yield return Svg.Text(width / 2, (hasName ? Theme.LineHeight : 0) + (room / 2) + (size * 0.36), text, size, textColor, "middle", isBold: true);
    }

    /// <summary>The course without axes, from its least to its most.</summary>
    private static XElement Spark(Series series, string color, double width, double height)
    {
        var samples = series.Samples.Where(sample => double.IsFinite(sample.Value)).DefaultIfEmpty().ToList();
        var (least, most, from, to) = (samples.Min(sample => sample.Value), samples.Max(sample => sample.Value), samples[0].Time, samples[^1].Time);
        var (top, bottom) = (height * (1 - SparkShare), height - 1);
        var points = samples.Select(sample => string.Create(
            CultureInfo.InvariantCulture,
            $"{(to > from ? (sample.Time - from) / (to - from) * width : 0):0.#},{(most > least ? bottom - ((sample.Value - least) / (most - least) * (bottom - top)) : bottom - ((bottom - top) / 2)):0.#}"));
        var line = string.Join(' ', points);
        return Svg.Element(
            "g",
            Svg.Element("polygon", new XAttribute("points", string.Create(CultureInfo.InvariantCulture, $"0,{height:0.#} {line} {width:0.#},{height:0.#}")), Svg.Set("fill", color), Svg.Set("fill-opacity", 0.12)),
            Svg.Element("polyline", Svg.Set("points", line), Svg.Set("fill", "none"), Svg.Set("stroke", color), Svg.Set("stroke-opacity", 0.7), Svg.Set("stroke-width", 1.2)));
    }

    private int Columns(double width) => Math.Clamp((int)(width / LeastWidth), 1, Math.Max(1, _series.Count));

    private int Rows(double width) => (_series.Count + Columns(width) - 1) / Columns(width);
}
