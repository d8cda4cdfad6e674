using System.Text.RegularExpressions;
using Markdig.Extensions.Tables;
using Markdig.Syntax.Inlines;
using ReplyX.Docs.Tests.Pages;

namespace ReplyX.Docs.Tests;

/// <summary>README.ru.md says what README.md says: whoever changes one changes the other.</summary>
public sealed partial class ReadmePairTests
{
    private static readonly Page _english = Page.Read("README.md");
    private static readonly Page _russian = Page.Read("README.ru.md");

    [Fact]
    public void They_lead_to_each_other()
    {
        Assert.Contains(_english.Links, link => link.Url == "README.ru.md");
        Assert.Contains(_russian.Links, link => link.Url == "README.md");
    }

    [Fact]
    public void They_have_the_same_headings_links_commands_tables_and_figures()
    {
        Same("headings' levels", page => page.Headings.Select(heading => $"{heading.Level}"), inOrder: true);
        Same("links", page => page.Links.Where(link => link.Url is not ("README.md" or "README.ru.md")).Select(Link));
        Same("code amid sentences", page => page.CodeSpans);
        Same("commands", page => page.CodeBlocks.SelectMany(block => block.Lines.ToString().Split('\n')).Where(IsCommand).Select(WithoutComment), inOrder: true);
        Same("tables", page => page.Tables.Select(table => $"{table.Count} rows of {((TableRow)table[0]).Count}"), inOrder: true);
        Same("figures", page => Figure().Matches(page.Text).Select(figure => Plain(figure.Value)));
    }

    private static void Same(string what, Func<Page, IEnumerable<string>> read, bool inOrder = false)
    {
        var (english, russian) = (read(_english).ToList(), read(_russian).ToList());
        Assert.NotEmpty(english);
        if (inOrder)
        {
            Assert.True(english.SequenceEqual(russian), $"{what}: README.md has\n{string.Join('\n', english)}\nREADME.ru.md has\n{string.Join('\n', russian)}");
        }

        Faults.None([
            .. Surplus(english, russian).Select(one => $"{what}: {one}: only in README.md, or more often"),
            .. Surplus(russian, english).Select(one => $"{what}: {one}: only in README.ru.md, or more often"),
        ]);
    }

    private static IEnumerable<string> Surplus(List<string> of, List<string> over)
    {
        var counts = over.CountBy(one => one).ToDictionary();
        return of.CountBy(one => one).Where(one => one.Value > counts.GetValueOrDefault(one.Key)).Select(one => one.Key);
    }

    private static string Link(LinkInline link) => $"{(link.IsImage ? "picture " : "")}{link.Url}";

    private static bool IsCommand(string line) => line.StartsWith("dotnet ", StringComparison.Ordinal) || line.StartsWith("scripts/", StringComparison.Ordinal);

    private static string WithoutComment(string line) => line.Split('#')[0].TrimEnd();

    // 2,230 and 5.0 are 2 230, with a space that does not break, and 5,0 in Russian.
    private static string Plain(string figure) => Thousands().Replace(figure, "$1$2").Replace(',', '.');

    [GeneratedRegex(@"\d+(?:[.,\u00A0]\d+)*")]
    private static partial Regex Figure();

    [GeneratedRegex(@"(\d)[,\u00A0](\d{3})(?!\d)")]
    private static partial Regex Thousands();
}
