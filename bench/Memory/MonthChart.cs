using System.Globalization;
using System.Text;

namespace ReplyX.Bench.Memory;

/// <summary>Redis' memory over the month, with and without what idle dialogs do, and the dialogs that are not idle.</summary>
internal static class MonthChart
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 70;
    private const int Right = 80;
    private const int Top = 60;
    private const int Bottom = 50;
    private const int Marks = 5;

    public static string Draw(IReadOnlyList<MonthDay> with, IReadOnlyList<MonthDay> without, double idleDays)
    {
        var mostBytes = Round(without.Concat(with).Max(day => day.Bytes) / 1e6);
        var mostDialogs = Round(with.Max(day => day.Dialogs));
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#1b1f23\">");
        Line(svg, $"<title>A month of a busy site: Redis' memory</title>");
        Line(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        Legend(svg, 20, "#0b6e4f", "", $"Redis, dialogs go to the archive whole after {idleDays:0.#} idle days (MB, left)");
        Legend(svg, 36, "#c0392b", "", "Redis, they never do (MB, left)");
        Legend(svg, 52, "#57606a", "4 3", "dialogs that are not idle (right)");
        for (var i = 0; i <= Marks; i++)
        {
            var y = Y((double)i / Marks);
            Line(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.0}\" y2=\"{y:0.0}\" stroke=\"#e3e6e9\"/>");
            Line(svg, $"<text x=\"{Left - 8}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{mostBytes * i / Marks:0}</text>");
            Line(svg, $"<text x=\"{Width - Right + 8}\" y=\"{y + 4:0.0}\" fill=\"#57606a\">{mostDialogs * i / Marks:#,0}</text>");
        }

        foreach (var day in with.Where(day => day.Day == 1 || day.Day % 5 == 0))
        {
            Line(svg, $"<text x=\"{X(day.Day):0.0}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{day.Day}</text>");
        }

        Line(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">day</text>");
        Curve(svg, with, day => day.Live / mostDialogs, "#57606a", "4 3");
        Curve(svg, without, day => day.Bytes / 1e6 / mostBytes, "#c0392b", "");
        Curve(svg, with, day => day.Bytes / 1e6 / mostBytes, "#0b6e4f", "");
        return svg.Append("</svg>\n").ToString();
    }

    private static double X(int day) => Left + ((Width - Left - Right) * (day - 1) / (double)(Month.Days - 1));

    private static double Y(double share) => Height - Bottom - ((Height - Bottom - Top - 10) * share);

    // The next number that is divided well.
    private static double Round(double most)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10(most))) / 2;
        return Math.Ceiling(most / step) * step;
    }

    private static void Legend(StringBuilder svg, int y, string colour, string dashes, string text)
    {
        Line(svg, $"<line x1=\"{Left}\" x2=\"{Left + 24}\" y1=\"{y - 4}\" y2=\"{y - 4}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/>");
        Line(svg, $"<text x=\"{Left + 32}\" y=\"{y}\">{text}</text>");
    }

    private static void Curve(StringBuilder svg, IReadOnlyList<MonthDay> days, Func<MonthDay, double> share, string colour, string dashes)
    {
        var points = string.Join(' ', days.Select(day => string.Create(CultureInfo.InvariantCulture, $"{X(day.Day):0.0},{Y(share(day)):0.0}")));
        Line(svg, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/>");
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
