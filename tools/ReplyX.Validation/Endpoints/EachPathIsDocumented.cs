using System.Globalization;
using ReplyX.Validation.Sources;

namespace ReplyX.Validation.Endpoints;

/// <summary>The protocol's page has the same table, with the same pool and credential; and no page names a path that there is not.</summary>
internal sealed class EachPathIsDocumented : ICheck
{
    private const string Page = "docs/websocket/protocol.md";
    private const string Heading = "## Paths";

    // They may name what is no more.
    private static readonly string[] _history = ["docs/adr/", "docs/websocket/CHANGELOG.md"];

    public string Claim => "each path stands in the documents with its pool and credential, and no other does";

    public Verdict Judge(Subject subject)
    {
        var faults = new List<Fault>();
        var table = subject.Graph.Table;
        if (subject.Tree.Find(Page) is not { } page)
        {
            faults.Add(new Fault("is missing: it has the table of paths", new Place(Page)));
        }
        else
        {
            Compare(faults, table, page, MarkdownTable.Under(page, Heading));
        }

        var pages = Pages(subject.Tree).ToList();

        // What the table says is compared above, with more care.
        faults.AddRange(
            from text in pages
            from line in text.Lines.Select((line, at) => (Text: line, At: at + 1))
            where text.Path != Page || !line.Text.StartsWith("| `/ws", StringComparison.Ordinal)
            from path in WrittenPath.Find(line.Text)
            where !table.Any(row => path.Fits(row.Path))
            select new Fault($"{path.Text} is a path that no route has", text.At(line.At)));
        return new Verdict(faults, string.Create(CultureInfo.InvariantCulture, $"{Page}, and {pages.Count} pages that may name a path"));
    }

    private static void Compare(List<Fault> faults, IReadOnlyList<Services.TablePath> table, SourceFile page, MarkdownTable? rows)
    {
        if (rows is null || rows.Column("path") is not { } paths || rows.Column("pool") is not { } pools || rows.Column("credential") is not { } credentials)
        {
            faults.Add(new Fault($"has no table with path, pool and credential under \"{Heading}\"", page.PlaceOf(Heading)));
            return;
        }

        foreach (var route in table)
        {
            var found = rows.Rows.Where(row => row.Cells[paths] == route.Path).ToList();
            if (found.Count != 1)
            {
                faults.Add(new Fault($"{route.Path} stands {found.Count} times in this table", page.PlaceOf(Heading)));
            }

            foreach (var row in found)
            {
                if (row.Cells[pools] != route.Pool)
                {
                    faults.Add(new Fault($"the pool of {route.Path} is {route.Pool}, not {row.Cells[pools]}", page.At(row.Line)));
                }

                if (route.Opens is not [var opens] || row.Cells[credentials] != opens)
                {
                    faults.Add(new Fault(
                        $"what opens {route.Path} is {(route.Opens.Count == 0 ? "nothing" : string.Join(" or ", route.Opens))}, not {row.Cells[credentials]}",
                        page.At(row.Line)));
                }
            }
        }

        faults.AddRange(rows.Rows
            .Where(row => !table.Any(route => route.Path == row.Cells[paths]))
            .Select(row => new Fault($"{row.Cells[paths]} is a path that no route has", page.At(row.Line))));
    }

    private static IEnumerable<SourceFile> Pages(SourceTree tree) =>
        ((IEnumerable<string>)["docs", "clients", "samples", "tools", "deploy", .. tree.Projects()])
            .SelectMany(folder => tree.Files(folder, ".md"))
            .Where(page => !Array.Exists(_history, page.Path.StartsWith))
            .Concat(tree.Find("README.md") is { } readme ? [readme] : []);
}
