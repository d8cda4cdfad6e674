using System.Xml.Linq;
using ReplyX.Panels.Dashboards;

namespace ReplyX.Panels.Plots;

/// <summary>What is inside of a panel, below its title.</summary>
internal abstract class PanelBody
{
    /// <summary>The height below which it cannot be read.</summary>
    public abstract double LeastHeight(double width);

    public abstract IEnumerable<XElement> Draw(double width, double height);

    public static bool Knows(GrafanaPanel panel) => panel.Type is "timeseries" or "graph" or "stat" or "gauge" or "bargauge" or "table" or "heatmap" or "state-timeline" or "status-history" or "text"
        && !(panel.Type == "heatmap" && panel.Options is { Calculate: true });

    public static PanelBody Of(PanelView view) => view.Panel.Type switch
    {
        "text" => new TextBody(view),
        _ when !view.HasData => new NoDataBody(view),
        "stat" => new StatBody(view),
        "gauge" => new GaugeBody(view),
        "bargauge" => new BarGaugeBody(view),
        "table" => new TableBody(view),
        "heatmap" when Knows(view.Panel) => new HeatmapBody(view),
        "state-timeline" or "status-history" => new StateTimelineBody(view),
        _ => new TimeSeriesBody(view),
    };
}
