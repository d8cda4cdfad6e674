using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Series;

namespace ReplyX.Panels.Plots;

/// <summary>A row for each series, coloured by what it was at each time.</summary>
internal sealed class StateTimelineBody(PanelView view) : PanelBody
{
    private const double RowHeight = 22;
    private const double AxisHeight = 26;
    private const int MostStates = 12;

    public override double LeastHeight(double width) => (view.Series.Count * RowHeight) + AxisHeight + Theme.LineHeight;

    public override IEnumerable<XElement> Draw(double width, double height)
    {
        var states = new SortedDictionary<double, (string Text, OxyColor Color)>();
        var bars = new RectangleBarSeries { StrokeThickness = 0 };
        for (var row = 0; row < view.Series.Count; row++)
        {
            var (series, settings) = (view.Series[row], view.SettingsOf(view.Series[row]));
            foreach (var (value, from, to) in Periods(series))
            {
                // One value has one colour, also where it is its place among the values that gives it.
                states.TryAdd(value, (Units.Show(settings, value, view.Range.End), Colors.OfValue(settings, value, states.Count)));
                bars.Items.Add(new(from, row - 0.4, to, row + 0.4) { Color = states[value].Color });
            }
        }

        var entries = states.Values.Distinct().Take(MostStates).Select(state => new LegendEntry(state.Text, state.Color.Css()));
        var legend = new Legend([.. entries, .. new TimePlot(view.Range, width, height).AddMarks(view.Marks)], width);
        var plot = new TimePlot(view.Range, width, height - legend.Height);
        plot.AddRows([.. view.Series.Select(series => view.SettingsOf(series).DisplayName ?? series.Name)], width * 0.3);
        plot.Model.Series.Add(bars);
        plot.AddMarks(view.Marks);
        yield return plot.Draw();
        yield return legend.Draw(0, height - legend.Height + 4);
    }

    /// <summary>Stretches of one value.</summary>
    private IEnumerable<(double Value, double From, double To)> Periods(Queries.Series series)
    {
        var (values, step) = (series.On(view.Range), view.Range.Step.TotalSeconds);
        for (var from = 0; from < values.Length;)
        {
            var to = from + 1;
            while (to < values.Length && values[to].Equals(values[from]))
            {
                to++;
            }

            if (double.IsFinite(values[from]))
            {
                yield return (values[from], view.Range.From + (from * step), Math.Min(view.Range.To, view.Range.From + (to * step)));
            }

            from = to;
        }
    }
}
