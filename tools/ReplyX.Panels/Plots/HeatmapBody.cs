using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace ReplyX.Panels.Plots;

/// <summary>A histogram over time: a row for each bucket, the darker the more.</summary>
internal sealed class HeatmapBody : PanelBody
{
    private const double Least = 150;
    private const double RowPitch = 16;
    private const string BucketLabel = "le";

    private static readonly OxyColor _most = OxyColor.FromRgb(20, 70, 150);
    private static readonly OxyColor _least = OxyColor.FromRgb(205, 224, 246);

    private readonly PanelView _view;
    private readonly List<(double Bound, double[] Counts)> _buckets;

    public HeatmapBody(PanelView view)
    {
        _view = view;
        _buckets =
        [
            .. view.Series
                .Select(series => (Bound: BoundOf(series.Labels.GetValueOrDefault(BucketLabel) ?? series.Name), Counts: series.On(view.Range)))
                .OrderBy(bucket => bucket.Bound),
        ];
        // Prometheus counts what is at most le; as a heatmap Grafana shows what is in each bucket alone.
        if (view.Series.Any(series => series.Format == "heatmap"))
        {
            for (var i = _buckets.Count - 1; i > 0; i--)
            {
                _buckets[i] = (_buckets[i].Bound, [.. _buckets[i].Counts.Zip(_buckets[i - 1].Counts, (more, less) => Math.Max(0, more - less))]);
            }
        }

        // Buckets that nothing ever fell into, above and below, only take room.
        while (_buckets.Count > 2 && _buckets[^1].Counts.All(count => !(count > 0)))
        {
            _buckets.RemoveAt(_buckets.Count - 1);
        }
    }

    public override double LeastHeight(double width) => Least;

    public override IEnumerable<XElement> Draw(double width, double height)
    {
        var most = _buckets.SelectMany(bucket => bucket.Counts).Where(double.IsFinite).DefaultIfEmpty().Max();
        var unit = _view.Options.CellValues?.Unit ?? "short";
        var legend = new Legend(
            [
                .. new[] { 0.05, 0.5, 1 }.Select(share => new LegendEntry(Units.Format(most * share, unit), Color(share).Css())),
                .. new TimePlot(_view.Range, width, height).AddMarks(_view.Marks),
            ],
            width);
        var plot = new TimePlot(_view.Range, width, height - legend.Height);
        var every = Math.Max(1, (int)Math.Ceiling(RowPitch * _buckets.Count / (height - legend.Height - RowPitch)));
        plot.AddAxis(
            new LinearAxis { Minimum = 0, Maximum = _buckets.Count, MajorStep = every, LabelFormatter = at => Label((int)Math.Round(at)) },
            Enumerable.Range(0, _buckets.Count + 1).Select(Label),
            isRight: false);
        plot.Model.Series.Add(Cells(most));
        plot.AddMarks(_view.Marks);
        yield return plot.Draw();
        yield return legend.Draw(0, height - legend.Height + 4);
    }

    private RectangleBarSeries Cells(double most)
    {
        var cells = new RectangleBarSeries { StrokeThickness = 0 };
        var step = _view.Range.Step.TotalSeconds;
        for (var row = 0; row < _buckets.Count; row++)
        {
            for (var at = 0; at < _buckets[row].Counts.Length; at++)
            {
                var (count, from) = (_buckets[row].Counts[at], _view.Range.From + ((at - 1) * step));
                if (count > 0 && from >= _view.Range.From)
                {
                    cells.Items.Add(new(from, row, from + step, row + 1) { Color = Color(count / most) });
                }
            }
        }

        return cells;
    }

    /// <summary>A bucket's upper bound stands at its upper edge.</summary>
    private string Label(int edge) => edge == 0 || edge > _buckets.Count ? "" : _buckets[edge - 1].Bound switch
    {
        double.PositiveInfinity => "+∞",
        var bound => Units.Format(bound, _view.Options.YAxis?.Unit ?? _view.Fields.Defaults.Unit, _view.Options.YAxis?.Decimals),
    };

    // By the root, so that rare values are seen beside frequent ones.
    private static OxyColor Color(double share) => OxyColor.Interpolate(_least, _most, Math.Sqrt(share));

    private static double BoundOf(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound : double.PositiveInfinity;
}
