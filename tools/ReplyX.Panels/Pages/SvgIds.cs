using System.Xml.Linq;

namespace ReplyX.Panels.Pages;

/// <summary>OxyPlot numbers its clip paths from 1 in every plot; within one page each needs a name of its own.</summary>
internal static class SvgIds
{
    public static void MakeUnique(IEnumerable<XElement> images)
    {
        var number = 0;
        foreach (var image in images)
        {
            var prefix = $"p{++number}-";
            foreach (var attribute in image.DescendantsAndSelf().Attributes())
            {
                if (attribute.Name == "id")
                {
                    attribute.Value = prefix + attribute.Value;
                }
                else if (attribute.Name == "clip-path")
                {
                    attribute.Value = attribute.Value.Replace("url(#", $"url(#{prefix}", StringComparison.Ordinal);
                }
            }
        }
    }
}
