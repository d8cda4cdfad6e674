using System.Globalization;
using System.Net;
using System.Text;
using ReplyX.Bench.Peers;
using ReplyX.Bench.Scenarios;

namespace ReplyX.Bench.Results;

/// <summary>compare.svg: a panel for each scenario, with a bar for each peer's CPU in relation to SignalR's, made of its processes'.</summary>
internal static class RatioChart
{
    private const int PanelWidth = 480;
    private const int Columns = 2;
    private const int BarHeight = 16;
    private const int BarPitch = 22;
    private const int LabelWidth = 190;
    private const int ValueWidth = 50;
    private const int HeadHeight = 34;
    private const int PanelGap = 14;
    private const int Top = 34;

    // By process; told apart by lightness as well as by hue.
    private static readonly IReadOnlyList<(string Process, string Color)> _colors =
    [
        (ReplyXPeer.RealtimeProcess, "#0b6e4f"), (ReplyXPeer.ApiProcess, "#6bbf59"), (ReplyXPeer.RedisProcess, "#e08e45"), (Peer.ServerName, "#7a8793"),
    ];

    public static string Draw(BenchResults results)
    {
        var panels = AllScenarios.All
            .Select(scenario => (scenario.Title, Bars: Bars(results, scenario)))
            .Where(panel => panel.Bars.Count > 0)
            .ToList();
        var panelHeight = HeadHeight + PanelGap + (BarPitch * panels.Select(panel => panel.Bars.Count).DefaultIfEmpty().Max());
        var (width, height) = (PanelWidth * Columns, Top + (panelHeight * ((panels.Count + Columns - 1) / Columns)));
        var svg = new StringBuilder();
        svg.AppendLine(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#1b1f23\">"));
        svg.AppendLine("<title>CPU time of ReplyX and its peers, in relation to SignalR</title>");
        svg.AppendLine(Invariant($"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>"));
        DrawLegend(svg);
        for (var i = 0; i < panels.Count; i++)
        {
            DrawPanel(svg, panels[i].Title, panels[i].Bars, PanelWidth * (i % Columns), Top + (panelHeight * (i / Columns)));
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void DrawLegend(StringBuilder svg)
    {
        var x = 10;
        foreach (var (process, color) in _colors)
        {
            svg.AppendLine(Invariant($"<rect x=\"{x}\" y=\"10\" width=\"12\" height=\"12\" fill=\"{color}\"/><text x=\"{x + 17}\" y=\"20\">{process}</text>"));
            x += 90;
        }

        svg.AppendLine(Invariant($"<text x=\"{x}\" y=\"20\" fill=\"#57606a\">CPU for an operation, SignalR without Redis = 1; less is better</text>"));
    }

    private static void DrawPanel(StringBuilder svg, string title, IReadOnlyList<Bar> bars, int left, int top)
    {
        svg.AppendLine(Invariant($"<text x=\"{left + 10}\" y=\"{top + 22}\" font-weight=\"bold\">{WebUtility.HtmlEncode(title)}</text>"));
        var longest = Math.Max(1, bars.Max(bar => bar.Total));
        var scale = (PanelWidth - LabelWidth - ValueWidth - 10) / longest;
        var one = left + LabelWidth + scale;
        svg.AppendLine(Invariant($"<line x1=\"{one:0.0}\" x2=\"{one:0.0}\" y1=\"{top + HeadHeight - 4}\" y2=\"{top + HeadHeight + (BarPitch * bars.Count)}\" stroke=\"#1b1f23\" stroke-dasharray=\"3 3\"/>"));
        for (var i = 0; i < bars.Count; i++)
        {
            var y = top + HeadHeight + (BarPitch * i);
            svg.AppendLine(Invariant($"<text x=\"{left + LabelWidth - 6}\" y=\"{y + 12}\" text-anchor=\"end\">{WebUtility.HtmlEncode(bars[i].Title)}</text>"));
            var x = (double)(left + LabelWidth);
            foreach (var (process, ratio) in bars[i].Parts)
            {
                svg.AppendLine(Invariant($"<rect x=\"{x:0.0}\" y=\"{y}\" width=\"{ratio * scale:0.0}\" height=\"{BarHeight}\" fill=\"{ColorOf(process)}\"/>"));
                x += ratio * scale;
            }

            svg.AppendLine(Invariant($"<text x=\"{x + 5:0.0}\" y=\"{y + 12}\" stroke=\"#ffffff\" stroke-width=\"4\" paint-order=\"stroke\">{bars[i].Total:0.00}</text>"));
        }
    }

    private static List<Bar> Bars(BenchResults results, Scenario scenario)
    {
        var reference = results.Median(scenario.Name, SignalRPeer.Reference, m => m.TotalCpu);
        if (scenario.Name == AllScenarios.Idle || reference is not > 0)
        {
            return [];
        }

        return
        [
            .. from peer in AllPeers.All
               let first = results.Measurements.FirstOrDefault(m => m.Scenario == scenario.Name && m.Peer == peer.Name)
               where first is not null
               select new Bar(peer.Title, [.. _colors
                   .Where(color => first.CpuMicroseconds.ContainsKey(color.Process))
                   .Select(color => (color.Process, results.Median(scenario.Name, peer.Name, m => m.CpuMicroseconds[color.Process])!.Value / reference.Value))]),
        ];
    }

    private static string ColorOf(string process) => _colors.First(color => color.Process == process).Color;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Bar(string Title, IReadOnlyList<(string Process, double Ratio)> Parts)
    {
        public double Total => Parts.Sum(part => part.Ratio);
    }
}
