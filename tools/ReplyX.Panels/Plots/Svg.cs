using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ReplyX.Panels.Plots;

/// <summary>Elements of SVG. All goes through LINQ to XML, so that nothing that a label holds can become markup.</summary>
internal static class Svg
{
    public static XNamespace Namespace { get; } = "http://www.w3.org/2000/svg";

    public static XElement Element(string name, params object?[] content) => new(Namespace + name, content);

    public static XAttribute Set(string name, double value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));

    public static XAttribute Set(string name, string value) => new(name, value);

    /// <summary>An svg element that keeps its proportions wherever it is put.</summary>
    public static XElement Image(double width, double height, params object?[] content) => Element(
        "svg",
        Set("width", width),
        Set("height", height),
        new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width:0.##} {height:0.##}")),
        Set("font-family", Theme.Font),
        content);

    public static XElement Text(double x, double y, string text, double size = Theme.TextSize, string color = Theme.Ink, string anchor = "start", bool isBold = false) => Element(
        "text",
        Set("x", x),
        Set("y", y),
        Set("font-size", size),
        Set("fill", color),
        Set("text-anchor", anchor),
        isBold ? Set("font-weight", "600") : null,
        Clean(text));

    public static XElement Rectangle(double x, double y, double width, double height, string fill, double radius = 0) => Element(
        "rect", Set("x", x), Set("y", y), Set("width", Math.Max(0, width)), Set("height", Math.Max(0, height)), radius > 0 ? Set("rx", radius) : null, Set("fill", fill));

    public static XElement Move(double x, double y, params object?[] content)
        => Element("g", new XAttribute("transform", string.Create(CultureInfo.InvariantCulture, $"translate({x:0.##},{y:0.##})")), content);

    /// <summary>What the browser shows where the pointer rests, and a screen reader says.</summary>
    public static XElement Tip(string text) => Element("title", Clean(text));

    /// <summary>A label may hold characters that XML has no way to write.</summary>
    public static string Clean(string text)
    {
        if (text.All(XmlConvert.IsXmlChar))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\ufffd" : rune.ToString());
        }

        return clean.ToString();
    }
}
