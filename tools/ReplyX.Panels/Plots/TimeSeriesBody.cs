using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Annotations;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Plots;

/// <summary>Lines, areas, bars and points over time.</summary>
internal sealed class TimeSeriesBody(PanelView view) : PanelBody
{
    private const double LeastPlot = 130;

    private readonly IReadOnlyList<Curve> _curves = Curve.Of(view);

    public override double LeastHeight(double width) => LeastPlot + LegendOf(width, []).Height;

    public override IEnumerable<XElement> Draw(double width, double height)
    {
        // What the legend needs is known before the plot that stands above it has its height.
        var legend = LegendOf(width, new TimePlot(view.Range, width, height).AddMarks(view.Marks));
        var plot = new TimePlot(view.Range, width, Math.Max(LeastPlot / 2, height - legend.Height));
        foreach (var isRight in _curves.Select(curve => curve.IsRight).Distinct().Order())
        {
            AddAxis(plot, [.. _curves.Where(curve => curve.IsRight == isRight)], isRight);
        }

        plot.AddMarks(view.Marks);
        // The first series lies on top of a stack's others, as the first lies above in the legend.
        foreach (var curve in _curves)
        {
            foreach (var series in curve.Draw())
            {
                plot.Model.Series.Add(series);
            }
        }

        yield return plot.Draw();
        yield return legend.Draw(0, height - legend.Height + 4);
    }

    private Legend LegendOf(double width, IReadOnlyList<LegendEntry> marks)
    {
        var calculations = view.Options.Legend?.Calcs ?? [];
        var series = view.Options.Legend is { ShowLegend: false } || _curves is [{ Name: "" }] ? [] : _curves
            .Where(curve => curve.Settings.Custom?.HideFrom is not { Legend: true })
            .Select(curve => new LegendEntry(
                $"{curve.Name}{(curve.IsRight ? " (right)" : "")}{string.Concat(calculations.Select(name => $" · {Calculation.Title(name)} {Units.Show(curve.Settings, Calculation.Of(name, curve.Series), view.Range.End)}"))}",
                curve.Color.Css()));
        var limits = HasLimits(out var isDrawnAsArea) ? Limits(0, view.Fields.Defaults.Max ?? 100)
            .Where(limit => double.IsFinite(limit.From))
            .Select(limit => new LegendEntry(
                $"≥ {Units.Format(limit.From, view.Fields.Defaults.Unit, view.Fields.Defaults.Decimals)}",
                Colors.Parse(limit.Color).Css(),
                isDrawnAsArea ? LegendSign.Band : LegendSign.Dash)) : [];
        return new([.. series, .. limits, .. marks], width);
    }

    private void AddAxis(TimePlot plot, IReadOnlyList<Curve> curves, bool isRight)
    {
        var settings = curves[0].Settings;
        var values = curves.SelectMany(curve => curve.Upper.Concat(curve.IsStacked ? curve.Lower : [])).Where(double.IsFinite).ToList();
        var isLogarithmic = settings.Custom?.ScaleDistribution?.Type == "log";
        values = isLogarithmic ? [.. values.Where(value => value > 0)] : values;
        var data = values.Count == 0 ? (Min: isLogarithmic ? 1 : 0, Max: 1) : (Min: values.Min(), Max: values.Max());
        data = (Math.Min(data.Min, settings.Custom?.AxisSoftMin ?? data.Min), Math.Max(data.Max, settings.Custom?.AxisSoftMax ?? data.Max));
        var unit = curves.Any(curve => curve.IsShare) ? "percentunit" : settings.Unit;
        if (isLogarithmic)
        {
            plot.AddLogarithmicAxis(Math.Pow(10, Math.Floor(Math.Log10(data.Min))), Math.Pow(10, Math.Ceiling(Math.Log10(data.Max * 1.001))), unit, isRight);
            return;
        }

        var scale = ValueScale.Of(data, settings.Min, settings.Max, unit, plot.Steps);
        plot.AddValueAxis(scale, isRight);
        if (!isRight)
        {
            AddLimits(plot, scale);
        }
    }

    private void AddLimits(TimePlot plot, ValueScale scale)
    {
        if (!HasLimits(out _))
        {
            return;
        }

        var style = view.Fields.Defaults.Custom!.ThresholdsStyle!.Mode!;
        var limits = Limits(view.Fields.Defaults.Min ?? scale.Min, view.Fields.Defaults.Max ?? scale.Max);
        for (var i = 0; i < limits.Count; i++)
        {
            var color = Colors.Parse(limits[i].Color);
            if (style.Contains("area", StringComparison.Ordinal) && color.A > 0)
            {
                plot.Model.Annotations.Add(new RectangleAnnotation
                {
                    MinimumY = Math.Max(limits[i].From, scale.Min),
                    MaximumY = Math.Min(i + 1 < limits.Count ? limits[i + 1].From : scale.Max, scale.Max),
                    Fill = OxyColor.FromAColor(26, color),
                    Layer = AnnotationLayer.BelowSeries,
                });
            }

            if ((style.Contains("line", StringComparison.Ordinal) || style.Contains("dashed", StringComparison.Ordinal)) && limits[i].From > scale.Min)
            {
                plot.Model.Annotations.Add(new LineAnnotation
                {
                    Type = LineAnnotationType.Horizontal,
                    Y = limits[i].From,
                    Color = color,
                    StrokeThickness = 1.5,
                    LineStyle = style.Contains("dashed", StringComparison.Ordinal) ? LineStyle.Dash : LineStyle.Solid,
                });
            }
        }
    }

    private bool HasLimits(out bool isArea)
    {
        var style = view.Fields.Defaults.Custom?.ThresholdsStyle?.Mode;
        isArea = style == "area";
        return style is not (null or "off") && view.Fields.Defaults.Thresholds is not null;
    }

    private IReadOnlyList<(double From, string Color)> Limits(double min, double max) => view.Fields.Defaults.Thresholds!.Absolute(min, max);
}
