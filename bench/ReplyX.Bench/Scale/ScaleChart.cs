using System.Globalization;
using System.Text;

namespace ReplyX.Bench.Scale;

/// <summary>scale.svg: the cores that each service needs, and how fast a lost node's clients are back.</summary>
internal static class ScaleChart
{
    private const int Width = 460;
    private const int Height = 300;
    private const int Left = 60;
    private const int Top = 50;
    private const int Gap = 90;
    private const int PointsOfLine = 120;
    private const double LeastCores = 0.01;
    private const double MostCores = 1_000;
    private const double Seconds = 5;

    private static readonly string[] _colors = ["#0b6e4f", "#6bbf59", "#e08e45", "#2b59c3"];

    public static string Draw(ScaleInput input)
    {
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {(2 * (Left + Width)) + Gap} {Top + Height + 60}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#1b1f23\">");
        Line(svg, $"<title>What so many sockets need, and how fast a lost node's clients are back</title>");
        Line(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        DrawNeeds(svg, input);
        DrawReturns(svg, input);
        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawNeeds(StringBuilder svg, ScaleInput input)
    {
        var (least, most) = (input.Assumed.Sockets.Min(), input.Assumed.Sockets.Max());
        var socketsPerNode = input.Assumed.SocketsPerNode[0];
        Frame(svg, Left, "CPU in use, in cores, by sockets (both axes logarithmic)", "sockets");
        for (var decade = least; decade <= most; decade *= 10)
        {
            Tick(svg, X(decade), decade.ToString("#,0", CultureInfo.InvariantCulture));
        }

        for (var cores = LeastCores; cores <= MostCores; cores *= 10)
        {
            Rung(svg, Left, Y(cores), cores.ToString("#,0.##", CultureInfo.InvariantCulture));
        }

        var fleets = Enumerable.Range(0, PointsOfLine + 1)
            .Select(i => new Fleet(input, (long)(least * Math.Pow((double)most / least, (double)i / PointsOfLine)), socketsPerNode)).ToList();
        (string Name, Func<Fleet, double> CoresOf)[] lines = [("Realtime", fleet => fleet.RealtimeCores), ("Api", fleet => fleet.ApiCores), ("Redis", fleet => fleet.RedisCores)];
        for (var i = 0; i < lines.Length; i++)
        {
            var coresOf = lines[i].CoresOf;
            Path(svg, fleets.Select(fleet => (X(fleet.Sockets), Y(Math.Max(LeastCores, coresOf(fleet))))), _colors[i]);
            Key(svg, Left, i, lines[i].Name, _colors[i]);
        }

        var limit = Y(input.Assumed.Utilisation);
        Line(svg, $"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{limit:0.0}\" y2=\"{limit:0.0}\" stroke=\"#1b1f23\" stroke-dasharray=\"4 4\"/>");
        Line(svg, $"<text x=\"{Left + Width - 4}\" y=\"{limit - 5:0.0}\" text-anchor=\"end\">what one Redis may use</text>");

        double X(double sockets) => Left + (Width * Math.Log((double)sockets / least) / Math.Log((double)most / least));
        double Y(double cores) => Top + Height - (Height * Math.Log(cores / LeastCores) / Math.Log(MostCores / LeastCores));
    }

    private static void DrawReturns(StringBuilder svg, ScaleInput input)
    {
        const int Start = Left + Width + Gap;
        Frame(svg, Start, "Clients of a killed node that are back, of so many sockets in all", "seconds");
        for (var second = 0; second <= Seconds; second++)
        {
            Tick(svg, X(second), second.ToString(CultureInfo.InvariantCulture));
        }

        for (var share = 0; share <= 4; share++)
        {
            Rung(svg, Start, Y(share / 4.0), string.Create(CultureInfo.InvariantCulture, $"{25 * share} %"));
        }

        var fleets = ScalePage.Fleets(input, input.Assumed.SocketsPerNode[0]).ToList();
        for (var i = 0; i < fleets.Count; i++)
        {
            var (away, _) = new Incidents(input, fleets[i]).LoseProcess();
            Path(
                svg,
                Enumerable.Range(0, PointsOfLine + 1).Select(point => Seconds * point / PointsOfLine).Select(second => (X(second), Y(ShareWithin(away, second)))),
                _colors[i % _colors.Length]);
            Key(svg, Start, i, string.Create(CultureInfo.InvariantCulture, $"{fleets[i].Sockets:#,0}"), _colors[i % _colors.Length]);
        }

        double X(double second) => Start + (Width * second / Seconds);
        double Y(double share) => Top + (Height * (1 - share));
    }

    private static double ShareWithin(double[] away, double seconds)
    {
        var at = Array.BinarySearch(away, seconds);
        return (double)(at < 0 ? ~at : at + 1) / Math.Max(1, away.Length);
    }

    private static void Frame(StringBuilder svg, int left, string title, string axis)
    {
        Line(svg, $"<text x=\"{left}\" y=\"{Top - 24}\" font-weight=\"bold\">{title}</text>");
        Line(svg, $"<rect x=\"{left}\" y=\"{Top}\" width=\"{Width}\" height=\"{Height}\" fill=\"none\" stroke=\"#7a8793\"/>");
        Line(svg, $"<text x=\"{left + (Width / 2)}\" y=\"{Top + Height + 40}\" text-anchor=\"middle\">{axis}</text>");
    }

    private static void Tick(StringBuilder svg, double x, string text)
    {
        Line(svg, $"<line x1=\"{x:0.0}\" x2=\"{x:0.0}\" y1=\"{Top}\" y2=\"{Top + Height}\" stroke=\"#e3e6e9\"/>");
        Line(svg, $"<text x=\"{x:0.0}\" y=\"{Top + Height + 18}\" text-anchor=\"middle\">{text}</text>");
    }

    private static void Rung(StringBuilder svg, int left, double y, string text)
    {
        Line(svg, $"<line x1=\"{left}\" x2=\"{left + Width}\" y1=\"{y:0.0}\" y2=\"{y:0.0}\" stroke=\"#e3e6e9\"/>");
        Line(svg, $"<text x=\"{left - 6}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{text}</text>");
    }

    private static void Path(StringBuilder svg, IEnumerable<(double X, double Y)> points, string color)
        => Line(svg, $"<polyline points=\"{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.0},{point.Y:0.0}")))}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>");

    private static void Key(StringBuilder svg, int left, int index, string name, string color)
        => Line(svg, $"<rect x=\"{left + (index * 115)}\" y=\"{Top - 16}\" width=\"10\" height=\"10\" fill=\"{color}\"/><text x=\"{left + (index * 115) + 14}\" y=\"{Top - 7}\">{name}</text>");

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
