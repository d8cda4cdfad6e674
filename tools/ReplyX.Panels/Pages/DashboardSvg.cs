using System.Xml.Linq;
using ReplyX.Panels.Plots;

namespace ReplyX.Panels.Pages;

/// <summary>A whole dashboard as one picture.</summary>
internal static class DashboardSvg
{
    private const double Margin = 16;
    private const double HeadHeight = 50;
    private const double SectionHead = 34;
    private const double CaptionSize = 13;
    private const double CaptionLine = 18;

    public static XElement Draw(DashboardView view)
    {
        var content = new List<XElement>
        {
            Svg.Text(Margin, 34, view.Title, 20, isBold: true),
            Svg.Text(Margin, 52, string.Join(" · ", (IEnumerable<string>)[view.Range.ToString(), .. view.Variables]), color: Theme.Muted),
        };
        var caption = TextWidth.Wrap(view.Description, GridLayout.Width, CaptionSize);
        content.AddRange(caption.Select((line, i) => Svg.Text(Margin, HeadHeight + ((i + 1) * CaptionLine) + 6, line, CaptionSize)));
        var top = HeadHeight + (caption.Count * CaptionLine) + Margin + 4;
        foreach (var section in view.Sections)
        {
            if (section.Title.Length > 0)
            {
                content.Add(Svg.Text(Margin, top + 20, section.Title, 15, isBold: true));
                top += SectionHead;
            }

            var placed = GridLayout.Place(section);
            foreach (var panel in placed)
            {
                panel.Image.Add(Svg.Set("x", Margin + panel.Left), Svg.Set("y", top + panel.Top));
                content.Add(panel.Image);
            }

            top += placed.Max(panel => panel.Top + panel.Height) + GridLayout.Gap;
        }

        SvgIds.MakeUnique(content);
        var (width, height) = (GridLayout.Width + (2 * Margin), top + Margin);
        return Svg.Image(width, height, Svg.Rectangle(0, 0, width, height, "rgb(246,248,250)"), content);
    }
}
