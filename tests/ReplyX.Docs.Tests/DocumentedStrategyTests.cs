using System.Text.RegularExpressions;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using ReplyX.Docs.Tests.Pages;

namespace ReplyX.Docs.Tests;

/// <summary>
/// docs/strategy.md leads from every demand to what fulfils it. That its links and tests are there is for <see cref="LinkTests"/> and
/// <see cref="NamedThingsTests"/>, as on every page.
/// </summary>
public sealed partial class DocumentedStrategyTests
{
    private static readonly Page _page = Page.Read("docs/strategy.md");

    [Fact]
    public void Every_section_of_the_strategy_is_there()
    {
        string[] expected = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "4.1", "4.2", "4.3", "5.1", "5.2"];
        var numbers = _page.Headings.Select(heading => Page.TextOf(heading).Split(' ')[0]).Where(word => SectionNumber().IsMatch(word));

        Assert.Equal(expected, numbers);
    }

    [Fact]
    public void Every_demand_has_a_target()
    {
        var demands = _page.Tables.SelectMany(table => table.OfType<TableRow>()).Where(row => !row.IsHeader).ToList();

        Assert.True(demands.Count >= 50, $"{demands.Count} demands were found.");
        Faults.None(
            from row in demands
            let cells = row.OfType<TableCell>().ToList()
            where cells.Count != 3 || !HasTarget(cells[2])
            select $"{_page.Path}:{Page.LineOf(row)}: {Page.TextOf(cells[0])}: nothing is named that fulfils it");
    }

    private static bool HasTarget(TableCell cell) =>
        cell.Descendants<LinkInline>().Any() || cell.Descendants<CodeInline>().Any(code => TestCatalogue.Has(code.Content));

    [GeneratedRegex(@"^\d\.\d$")]
    private static partial Regex SectionNumber();
}
