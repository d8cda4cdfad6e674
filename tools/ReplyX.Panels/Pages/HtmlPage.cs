using System.Globalization;
using System.Xml.Linq;
using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Plots;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Pages;

/// <summary>One page with every dashboard, which needs nothing but itself.</summary>
internal static class HtmlPage
{
    private const int MostMarks = 100;

    public static string Draw(IReadOnlyList<DashboardView> views, DateTimeOffset now)
    {
        var sections = views.Select(Dashboard).ToList();
        SvgIds.MakeUnique(sections.SelectMany(section => section.Descendants("figure")));
        var page = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", Svg.Clean(views is [var only] ? only.Title : "ReplyX dashboards")),
                new XElement("style", PageStyle.Css)),
            new XElement(
                "body",
                new XElement(
                    "nav",
                    views.Select(view => new XElement("a", new XAttribute("href", "#" + Uri.EscapeDataString(view.Name)), Svg.Clean(view.Title))),
                    new XElement("span", string.Create(CultureInfo.InvariantCulture, $"drawn {now:yyyy-MM-dd HH:mm:ss} UTC; all times in UTC"))),
                sections));
        return $"<!DOCTYPE html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    private static XElement Dashboard(DashboardView view) => new(
        "section",
        new XAttribute("id", Svg.Clean(view.Name)),
        new XElement("h1", Svg.Clean(view.Title)),
        view.Description.Length > 0 ? new XElement("p", Svg.Clean(view.Description)) : null,
        new XElement("p", new XAttribute("class", "range"), Svg.Clean(string.Join(" · ", (IEnumerable<string>)[view.Range.ToString(), .. view.Variables]))),
        view.Errors.Select(error => new XElement("p", new XAttribute("class", "error"), Svg.Clean(error))),
        Marks(view.Marks),
        view.Sections.Select(section => new object?[]
        {
            section.Title.Length > 0 ? new XElement("h2", Svg.Clean(section.Title)) : null,
            new XElement("div", new XAttribute("class", "grid"), GridLayout.Place(section).Select(Figure)),
        }));

    private static XElement? Marks(IReadOnlyList<Mark> marks) => marks.Count == 0 ? null : new(
        "details",
        new XElement("summary", $"Marks: {marks.Count}"),
        new XElement("ul", marks.Take(MostMarks).Select(mark => new XElement(
            "li",
            Time(mark.From),
            mark.IsPeriod ? $" to {Time(mark.To)}" : "",
            Svg.Clean($": {mark.Title}{(mark.Text.Length > 0 ? $" ({mark.Text})" : "")}")))),
        marks.Count > MostMarks ? new XElement("p", $"and {marks.Count - MostMarks} more") : null);

    private static XElement Figure(PlacedPanel placed)
    {
        var position = placed.Panel.Position;
        return new(
            "figure",
            new XAttribute("style", string.Create(
                CultureInfo.InvariantCulture,
                $"--column:{position.X + 1}/span {position.W};--row:{position.Y + 1}/span {position.H}")),
            placed.Image);
    }

    private static string Time(double time) => TimeRange.Time(time).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
