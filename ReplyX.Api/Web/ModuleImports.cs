using System.Text;
using System.Text.RegularExpressions;

namespace ReplyX.Api.Web;

/// <summary>Which modules an ES module imports when it is loaded. What it imports later, by <c>import()</c>, is not among them.</summary>
internal static partial class ModuleImports
{
    public static IReadOnlyList<string> Of(WebAsset module) =>
        [.. Imports().Matches(Encoding.UTF8.GetString(module.Content))
            .Select(match => Resolve(module.Path, match.Groups["path"].Value))
            .Distinct(StringComparer.Ordinal)];

    // Relative paths only: the pages have no import map.
    [GeneratedRegex("""^\s*(?:import|export)\b(?:[^'"();]*?\bfrom)?\s*['"](?<path>\.{1,2}/[^'"]+)['"]""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Imports();

    private static string Resolve(string importer, string import)
    {
        List<string> folders = [.. importer.Split('/')[..^1]];
        foreach (var part in import.Split('/'))
        {
            if (part == ".." && folders.Count > 0)
            {
                folders.RemoveAt(folders.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                folders.Add(part);
            }
        }

        return string.Join('/', folders);
    }
}
