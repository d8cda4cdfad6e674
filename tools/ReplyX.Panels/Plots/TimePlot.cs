using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Plots;

/// <summary>What all plots over time share: the time axis, the look of axes, marks, and the way to SVG.</summary>
internal sealed class TimePlot
{
    private const double LabelGap = 8;
    private const double TickEvery = 80;
    private const int MostMarkTitles = 6;

    private static readonly int[] _steps =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000];

    private readonly TimeRange _range;
    private readonly double _width;
    private readonly double _height;
    private double _left = 30;
    private double _right = 18;

    public TimePlot(TimeRange range, double width, double height)
    {
        (_range, _width, _height) = (range, width, height);
        var step = _steps.FirstOrDefault(step => step >= range.Seconds / Math.Max(1, width / TickEvery), _steps[^1]);
        Model.Axes.Add(Styled(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Minimum = range.From,
            Maximum = range.To,
            MajorStep = step,
            LabelFormatter = time => TimeRange.Time(Math.Round(time)).ToString(Format(step), CultureInfo.InvariantCulture),
        }));
    }

    public PlotModel Model { get; } = new()
    {
        DefaultFont = Theme.Font,
        DefaultFontSize = Theme.TextSize,
        TextColor = Colors.Parse(Theme.Ink),
        PlotAreaBorderThickness = new(0, 0, 0, 1),
        PlotAreaBorderColor = Colors.Parse(Theme.Muted),
        Padding = new(0),
    };

    /// <summary>How many steps of a value axis there is room for.</summary>
    public int Steps => (int)Math.Clamp(_height / 42, 2, 6);

    public void AddValueAxis(ValueScale scale, bool isRight = false) => AddAxis(
        new LinearAxis { MajorStep = scale.Step, LabelFormatter = scale.Label, Minimum = scale.Min, Maximum = scale.Max },
        scale.Ticks().Select(scale.Label),
        isRight);

    public void AddLogarithmicAxis(double min, double max, string? unit, bool isRight)
    {
        string Label(double value) => Units.Format(value, unit);
        AddAxis(new LogarithmicAxis { Minimum = min, Maximum = max, LabelFormatter = Label, MinorTickSize = 0 }, [Label(min), Label(max), "100 ms"], isRight);
    }

    /// <summary>An axis whose rows have names, the first at the top.</summary>
    public void AddRows(IReadOnlyList<string> names, double room)
    {
        var cut = names.Select(name => TextWidth.Cut(Svg.Clean(name), room)).ToList();
        AddAxis(
            new LinearAxis
            {
                Minimum = -0.5,
                Maximum = names.Count - 0.5,
                MajorStep = 1,
                LabelFormatter = row => (int)Math.Round(row) is >= 0 and var at && at < cut.Count ? cut[at] : "",
                StartPosition = 1,
                EndPosition = 0,
            },
            cut,
            isRight: false,
            hasGrid: false);
    }

    public void AddAxis(Axis axis, IEnumerable<string> labels, bool isRight, bool hasGrid = true)
    {
        axis.Position = isRight ? AxisPosition.Right : AxisPosition.Left;
        axis.Key = isRight ? "right" : null;
        Model.Axes.Add(Styled(axis));
        axis.MajorGridlineStyle = isRight || !hasGrid ? LineStyle.None : LineStyle.Solid;
        var room = labels.Select(label => TextWidth.Of(label)).DefaultIfEmpty().Max() + LabelGap;
        (_left, _right) = isRight ? (_left, Math.Max(_right, room)) : (Math.Max(_left, room), _right);
    }

    /// <summary>Draws what happened, and says what the legend has to say of it.</summary>
    public IReadOnlyList<LegendEntry> AddMarks(IEnumerable<Mark> marks)
    {
        var entries = new List<LegendEntry>();
        foreach (var group in marks.Where(mark => mark.To >= _range.From && mark.From <= _range.To).GroupBy(mark => (mark.Title, mark.IsPeriod)))
        {
            var color = Colors.Parse(group.First().Color);
            foreach (var mark in group)
            {
                Add(mark, color);
            }

            entries.Add(new(group.Key.Title, color.Css(), group.Key.IsPeriod ? LegendSign.Band : LegendSign.Dash));
        }

        return entries.Count <= MostMarkTitles ? entries : [.. entries.Take(MostMarkTitles), new($"and {entries.Count - MostMarkTitles} other marks", "none")];
    }

    public XElement Draw()
    {
        Model.PlotMargins = new(_left, 8, _right, 20);
        // OxyPlot draws a value axis at zero without one; an empty plot has its frame all the same.
        if (Model.Axes.Count == 1)
        {
            AddValueAxis(new(0, 1, 0.5, null));
        }

        using var stream = new MemoryStream();
        new SvgExporter { Width = _width, Height = _height, IsDocument = false }.Export(Model, stream);
        stream.Position = 0;
        var svg = XElement.Load(stream);
        svg.Name = Svg.Namespace + "g";
        svg.RemoveAttributes();
        svg.Add(Svg.Text(_left - 6, _height - 5, "UTC", Theme.TextSize - 1, Theme.Muted, "end"));
        AlignTexts(svg);
        return svg;
    }

    /// <summary>Not every program that shows SVG knows dominant-baseline; a shift of the baseline is understood everywhere.</summary>
    private static void AlignTexts(XElement svg)
    {
        foreach (var text in svg.Descendants(Svg.Namespace + "text"))
        {
            var shift = text.Attribute("dominant-baseline")?.Value switch { "hanging" => "0.8em", "middle" => "0.35em", _ => null };
            text.SetAttributeValue("dominant-baseline", null);
            text.SetAttributeValue("dy", shift);
        }
    }

    private void Add(Mark mark, OxyColor color)
    {
        if (mark.IsPeriod)
        {
            Model.Annotations.Add(new RectangleAnnotation
            {
                MinimumX = Math.Max(mark.From, _range.From),
                MaximumX = Math.Min(mark.To, _range.To),
                Fill = OxyColor.FromAColor(40, color),
                Layer = AnnotationLayer.BelowSeries,
            });
            return;
        }

        Model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = mark.From, Color = color, StrokeThickness = 1.5, LineStyle = LineStyle.Dash });
    }

    private static T Styled<T>(T axis)
        where T : Axis
    {
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = Colors.Parse(Theme.Line);
        axis.MajorGridlineThickness = 1;
        axis.TickStyle = TickStyle.None;
        axis.AxislineStyle = LineStyle.None;
        axis.TextColor = Colors.Parse(Theme.Muted);
        axis.MinimumPadding = 0;
        axis.MaximumPadding = 0;
        axis.AxisTickToLabelDistance = 4;
        return axis;
    }

    private static string Format(int step) => step switch { < 60 => "HH:mm:ss", < 21600 => "HH:mm", < 86400 => "MM-dd HH:mm", _ => "MM-dd" };
}
