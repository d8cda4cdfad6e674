using System.Xml.Linq;

namespace ReplyX.Panels.Plots;

/// <summary>A whole panel: its frame, title, caption and body, and what went wrong.</summary>
internal sealed class PanelDrawing
{
    private const double TitleHeight = 22;
    private const double LeastWidth = 160;

    private readonly PanelView _view;
    private readonly PanelBody _body;
    private readonly double _width;
    private readonly IReadOnlyList<(string Text, string Color)> _lines;

    public PanelDrawing(PanelView view, double width)
    {
        (_view, _width, _body) = (view, Math.Max(LeastWidth, width), PanelBody.Of(view));
        _lines =
        [
            .. Wrap([view.Description], Theme.Muted),
            .. Wrap(view.Errors, Theme.Alarm),
            .. Wrap(view.Notes, Theme.Muted),
        ];
    }

    /// <summary>The height below which it cannot be read.</summary>
    public double LeastHeight => Head + _body.LeastHeight(Inner) + Theme.Padding;

    private double Inner => _width - (2 * Theme.Padding);

    private double Head => Theme.Padding + TitleHeight + (_lines.Count * Theme.LineHeight);

    /// <summary>An svg element of this height.</summary>
    public XElement Draw(double height) => Svg.Image(
        _width,
        height,
        Svg.Set("role", "img"),
        new XAttribute("aria-label", Svg.Clean(_view.Title)),
        Frame(height),
        Svg.Move(0, 0, Svg.Text(Theme.Padding, Theme.Padding + 13, TextWidth.Cut(_view.Title, Inner, Theme.TitleSize), Theme.TitleSize, isBold: true), Svg.Tip(_view.Title)),
        _lines.Select((line, i) => Svg.Text(Theme.Padding, Theme.Padding + TitleHeight + 10 + (i * Theme.LineHeight), line.Text, color: line.Color)),
        Svg.Move(Theme.Padding, Head + 4, [.. _body.Draw(Inner, height - Head - Theme.Padding)]));

    private XElement Frame(double height)
    {
        var frame = Svg.Rectangle(0.5, 0.5, _width - 1, height - 1, Theme.Paper, radius: 5);
        frame.Add(Svg.Set("stroke", Theme.Line));
        return frame;
    }

    private IEnumerable<(string Text, string Color)> Wrap(IEnumerable<string> texts, string color)
        => texts.SelectMany(text => TextWidth.Wrap(text, Inner)).Select(line => (line, color));
}
