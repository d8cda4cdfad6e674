using System.Globalization;
using System.Text.RegularExpressions;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using ReplyX.Docs.Tests.Pages;

namespace ReplyX.Docs.Tests;

public sealed partial class DecisionTests
{
    [Fact]
    public void Every_decision_is_in_the_index_under_its_number_and_title()
    {
        var index = Page.Read("docs/adr/README.md");
        var listed = index.Tables.Single().OfType<TableRow>().Where(row => !row.IsHeader).Select(row => row.OfType<TableCell>().ToList())
            .Select(cells => $"{cells[0].Descendants<LinkInline>().Single().Url}: {Page.TextOf(cells[0])}. {Page.TextOf(cells[1])}");
        var decisions = Page.All.Where(page => page.Path.StartsWith("docs/adr/", StringComparison.Ordinal) && page.Path != index.Path)
            .Select(page => (Page: page, Number: int.Parse(Number().Match(Path.GetFileName(page.Path)).Groups[1].ValueSpan, CultureInfo.InvariantCulture)))
            .OrderBy(decision => decision.Number)
            .ToList();

        Assert.True(decisions.Count >= 19, $"{decisions.Count} decisions were found.");
        Assert.All(decisions, decision => Assert.StartsWith($"{decision.Number}. ", Title(decision.Page), StringComparison.Ordinal));
        Assert.Equal(decisions.Select(decision => $"{Path.GetFileName(decision.Page.Path)}: {Title(decision.Page)}"), listed);
    }

    private static string Title(Page page) => Page.TextOf(page.Headings.First());

    [GeneratedRegex(@"^(?:ADR-)?(\d{4})-[a-z0-9-]+\.md$")]
    private static partial Regex Number();
}
