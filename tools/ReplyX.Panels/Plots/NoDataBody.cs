using System.Xml.Linq;

namespace ReplyX.Panels.Plots;

/// <summary>An empty plot that says so: a panel that is missing would be taken for one that was never there.</summary>
internal sealed class NoDataBody(PanelView view) : PanelBody
{
    private const double Least = 50;

    public override double LeastHeight(double width) => Least;

    public override IEnumerable<XElement> Draw(double width, double height)
    {
        if (view.Panel.Type is not ("stat" or "gauge" or "bargauge" or "table"))
        {
            var plot = new TimePlot(view.Range, width, height);
            plot.AddValueAxis(new(0, 1, 0.5, view.Fields.Defaults.Unit));
            plot.AddMarks(view.Marks);
            yield return plot.Draw();
        }

        yield return Svg.Text(width / 2, height / 2, view.Errors.Count > 0 ? "no data, since a query failed" : view.Fields.Defaults.NoValue ?? "no data", 14, Theme.Muted, "middle");
    }
}
