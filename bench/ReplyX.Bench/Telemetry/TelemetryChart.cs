using System.Globalization;
using System.Text;

namespace ReplyX.Bench.Telemetry;

/// <summary>telemetry.svg: a row for each goal, with a point for each round's ratio, a bar for their median and a line where the goal is.</summary>
internal static class TelemetryChart
{
    private const int Width = 760;
    private const int Left = 250;
    private const int Right = 60;
    private const int Top = 40;
    private const int RowHeight = 34;
    private const int Step = 2;
    private const int LeastPercent = 94;
    private const int MostPercent = 110;

    public static string Draw(TelemetryResults results)
    {
        var rows = TelemetryGoal.All.Select(goal => (goal.Title, Ratios: goal.Ratios(results), Median: goal.Reached(results))).ToList();
        var all = rows.SelectMany(row => row.Ratios).DefaultIfEmpty(1).ToList();
        var least = Math.Min(LeastPercent, Step * (int)Math.Floor(all.Min() * 100 / Step));
        var most = Math.Max(MostPercent, Step * (int)Math.Ceiling(all.Max() * 100 / Step));
        var bottom = Top + (RowHeight * rows.Count);
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {bottom + 50}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#1b1f23\">");
        Line(svg, $"<title>CPU time with telemetry, in relation to less of it</title>");
        Line(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        var tried = results.Environment.IsSmoke ? "ONLY TRIED OUT: " : "";
        Line(svg, $"<text x=\"10\" y=\"20\" fill=\"#57606a\">{tried}CPU time of an operation, less telemetry = 1; a point is a round, the bar their median</text>");

        // About eight marks, however far apart the rounds are.
        var spacing = Step * Math.Max(1, (most - least) / (Step * 8));
        for (var percent = least; percent <= most; percent += spacing)
        {
            Line(svg, $"<line x1=\"{X(percent / 100.0):0.0}\" x2=\"{X(percent / 100.0):0.0}\" y1=\"{Top}\" y2=\"{bottom}\" stroke=\"#e3e6e9\"/>");
            Line(svg, $"<text x=\"{X(percent / 100.0):0.0}\" y=\"{bottom + 18}\" text-anchor=\"middle\">{percent / 100.0:0.00}</text>");
        }

        Line(svg, $"<line x1=\"{X(1):0.0}\" x2=\"{X(1):0.0}\" y1=\"{Top}\" y2=\"{bottom}\" stroke=\"#1b1f23\"/>");
        Line(svg, $"<line x1=\"{X(TelemetryGoal.Limit):0.0}\" x2=\"{X(TelemetryGoal.Limit):0.0}\" y1=\"{Top - 6}\" y2=\"{bottom}\" stroke=\"#e08e45\" stroke-dasharray=\"4 3\"/>");
        Line(svg, $"<text x=\"{X(TelemetryGoal.Limit):0.0}\" y=\"{bottom + 36}\" text-anchor=\"middle\" fill=\"#a85a12\">goal ≤ {TelemetryGoal.Limit:0.00}</text>");
        for (var i = 0; i < rows.Count; i++)
        {
            DrawRow(svg, rows[i].Title, rows[i].Ratios, rows[i].Median, Top + (RowHeight * i) + (RowHeight / 2), X);
        }

        return svg.Append("</svg>\n").ToString();

        double X(double ratio) => Left + ((Width - Left - Right) * ((ratio * 100) - least) / (most - least));
    }

    private static void DrawRow(StringBuilder svg, string title, IReadOnlyList<double> ratios, double? median, int y, Func<double, double> x)
    {
        Line(svg, $"<text x=\"{Left - 10}\" y=\"{y + 4}\" text-anchor=\"end\">{title}</text>");
        foreach (var ratio in ratios)
        {
            Line(svg, $"<circle cx=\"{x(ratio):0.0}\" cy=\"{y}\" r=\"4\" fill=\"#6bbf59\" fill-opacity=\"0.7\"/>");
        }

        if (median is { } middle)
        {
            Line(svg, $"<rect x=\"{x(middle) - 1.5:0.0}\" y=\"{y - 11}\" width=\"3\" height=\"22\" fill=\"#0b6e4f\"/>");
            Line(svg, $"<text x=\"{Width - Right + 10}\" y=\"{y + 4}\" font-weight=\"bold\">{middle:0.000}</text>");
        }
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
