using OxyPlot;
using OxyPlot.Series;
using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Plots;

/// <summary>One series as it is drawn: with its place in a stack.</summary>
internal sealed record Curve(string Name, Queries.Series Series, FieldSettings Settings, OxyColor Color, TimeRange Range, double[] Upper, double[] Lower)
{
    public bool IsRight => Settings.Custom?.AxisPlacement == "right";

    public bool IsStacked => Settings.Custom?.Stacking?.Mode is "normal" or "percent";

    /// <summary>Whether it is drawn as its share of the whole.</summary>
    public bool IsShare => Settings.Custom?.Stacking?.Mode == "percent";

    /// <summary>All series that a panel shows.</summary>
    public static IReadOnlyList<Curve> Of(PanelView view)
    {
        var curves = new List<Curve>();
        foreach (var series in view.Series)
        {
            var settings = view.SettingsOf(series);
            if (settings.Custom?.HideFrom is { Viz: true })
            {
                continue;
            }

            var values = series.On(view.Range);
            values = settings.Custom?.Transform == "negative-Y" ? [.. values.Select(value => -value)] : values;
            var color = Colors.OfSeries(settings, curves.Count, values.LastOrDefault(double.IsFinite, double.NaN));
            curves.Add(new(settings.DisplayName ?? series.Name, series, settings, color, view.Range, values, new double[values.Length]));
        }

        Stack(curves);
        return curves;
    }

    /// <summary>The parts of it: one for each stretch without a gap.</summary>
    public IEnumerable<Series> Draw()
    {
        foreach (var (from, to) in Stretches())
        {
            var points = Enumerable.Range(from, to - from);
            if (Settings.Custom?.DrawStyle == "bars")
            {
                yield return Bars(points);
            }
            else if (to - from == 1 || Settings.Custom?.DrawStyle == "points")
            {
                yield return Dots(points);
            }
            else
            {
                yield return Line(points);
            }
        }
    }

    private static void Stack(List<Curve> curves)
    {
        foreach (var group in curves.Where(curve => curve.IsStacked).GroupBy(curve => (curve.IsRight, curve.IsShare)))
        {
            for (var at = 0; at < group.First().Upper.Length; at++)
            {
                var total = group.Key.IsShare ? group.Sum(curve => double.IsFinite(curve.Upper[at]) ? curve.Upper[at] : 0) : 1;
                var sum = 0d;
                foreach (var curve in group)
                {
                    curve.Lower[at] = sum;
                    sum += double.IsFinite(curve.Upper[at]) && total != 0 ? curve.Upper[at] / total : 0;
                    curve.Upper[at] = double.IsFinite(curve.Upper[at]) ? sum : double.NaN;
                }
            }
        }
    }

    private IEnumerable<(int From, int To)> Stretches()
    {
        var spansGaps = Settings.Custom?.SpanNulls is { ValueKind: System.Text.Json.JsonValueKind.True };
        for (var from = 0; from < Upper.Length; from++)
        {
            if (!double.IsFinite(Upper[from]))
            {
                continue;
            }

            var to = from + 1;
            while (to < Upper.Length && (double.IsFinite(Upper[to]) || spansGaps))
            {
                to++;
            }

            yield return (from, to);
            from = to;
        }
    }

    private LineSeries Line(IEnumerable<int> points)
    {
        var fill = (Settings.Custom?.FillOpacity ?? 0) / 100;
        // A lower edge at the ground would draw over the axis.
        LineSeries line = fill > 0 ? new AreaSeries { Fill = OxyColor.FromAColor((byte)(255 * fill), Color), Color2 = OxyColors.Transparent } : new LineSeries();
        line.Color = Color;
        line.YAxisKey = IsRight ? "right" : null;
        line.StrokeThickness = Math.Max(1.5, Settings.Custom?.LineWidth ?? 1);
        line.LineStyle = Settings.Custom?.LineStyle?.Fill is "dash" ? LineStyle.Dash : Settings.Custom?.LineStyle?.Fill is "dot" ? LineStyle.Dot : LineStyle.Solid;
        line.MarkerType = Settings.Custom?.ShowPoints == "always" ? MarkerType.Circle : MarkerType.None;
        line.MarkerSize = 2;
        var isStepped = Settings.Custom?.LineInterpolation is "stepAfter" or "stepBefore";
        DataPoint? last = null;
        DataPoint? lastLower = null;
        foreach (var at in points.Where(at => double.IsFinite(Upper[at])))
        {
            var (upper, lower) = (new DataPoint(Time(at), Upper[at]), new DataPoint(Time(at), Lower[at]));
            if (isStepped && last is { } before && lastLower is { } beforeLower)
            {
                Add(line, new(upper.X, before.Y), new(lower.X, beforeLower.Y));
            }

            Add(line, upper, lower);
            (last, lastLower) = (upper, lower);
        }

        return line;
    }

    private static void Add(LineSeries line, DataPoint upper, DataPoint lower)
    {
        line.Points.Add(upper);
        (line as AreaSeries)?.Points2.Add(lower);
    }

    private LineSeries Dots(IEnumerable<int> points)
    {
        var dots = new LineSeries { Color = Color, LineStyle = LineStyle.None, MarkerType = MarkerType.Circle, MarkerSize = 2.5, MarkerFill = Color, YAxisKey = IsRight ? "right" : null };
        dots.Points.AddRange(points.Where(at => double.IsFinite(Upper[at])).Select(at => new DataPoint(Time(at), Upper[at])));
        return dots;
    }

    private RectangleBarSeries Bars(IEnumerable<int> points)
    {
        var half = Range.Step.TotalSeconds * 0.4;
        var bars = new RectangleBarSeries { StrokeThickness = 0, FillColor = Color, YAxisKey = IsRight ? "right" : null };
        foreach (var at in points.Where(at => double.IsFinite(Upper[at])))
        {
            bars.Items.Add(new(Time(at) - half, Lower[at], Time(at) + half, Upper[at]));
        }

        return bars;
    }

    private double Time(int at) => Range.From + (at * Range.Step.TotalSeconds);
}
