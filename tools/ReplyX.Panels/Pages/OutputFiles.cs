using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ReplyX.Panels.Pages;

/// <summary>Writes what was drawn.</summary>
internal static partial class OutputFiles
{
    private const string DefaultPage = "panels.html";
    private const string DefaultFolder = "panels";

    /// <returns>The files, in order; of single panels only their folder.</returns>
    public static IReadOnlyList<string> Write(PanelsOptions options, IReadOnlyList<DashboardView> views, DateTimeOffset now)
    {
        var path = Path.GetFullPath(options.Out ?? (options.Format == OutputFormat.Html ? DefaultPage : DefaultFolder));
        Directory.CreateDirectory(options.Format == OutputFormat.Html ? Path.GetDirectoryName(path)! : path);
        switch (options.Format)
        {
            case OutputFormat.Svg:
                foreach (var view in views)
                {
                    WritePanels(path, view);
                }

                return [path];
            case OutputFormat.SvgDashboard:
                return [.. views.Select(view => Save(DashboardSvg.Draw(view), Path.Combine(path, view.Name + ".svg")))];
            default:
                File.WriteAllText(path, HtmlPage.Draw(views, now));
                return [path];
        }
    }

    private static void WritePanels(string folder, DashboardView view)
    {
        var number = 0;
        foreach (var placed in view.Sections.SelectMany(GridLayout.Place))
        {
            var title = NotInNames().Replace(placed.Panel.Title.ToLowerInvariant(), "-").Trim('-');
            Save(placed.Image, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{view.Name}-{++number:00}-{title}.svg")));
        }
    }

    private static string Save(XElement svg, string path)
    {
        svg.Save(path, SaveOptions.DisableFormatting);
        return path;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotInNames();
}
