using System.Xml.Linq;

namespace ReplyX.Panels.Plots;

/// <summary>A text panel, its Markdown as it is written.</summary>
internal sealed class TextBody(PanelView view) : PanelBody
{
    private const double Size = 12;

    public override double LeastHeight(double width) => Lines(width).Count * Theme.LineHeight;

    public override IEnumerable<XElement> Draw(double width, double height)
        => Lines(width).Select((line, i) => Svg.Text(0, (i + 1) * Theme.LineHeight, line, Size));

    private IReadOnlyList<string> Lines(double width) => TextWidth.Wrap(view.Options.Content ?? "", width, Size);
}
