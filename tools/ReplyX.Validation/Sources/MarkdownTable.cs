namespace ReplyX.Validation.Sources;

/// <summary>A table of Markdown. Cells are without what makes them look like code.</summary>
internal sealed class MarkdownTable
{
    private readonly string[] _columns;

    private MarkdownTable(string[] columns, IReadOnlyList<(int Line, string[] Cells)> rows) => (_columns, Rows) = (columns, rows);

    /// <summary>The rows below the header, each with its line. All have as many cells as the header.</summary>
    public IReadOnlyList<(int Line, string[] Cells)> Rows { get; }

    /// <summary>The first table under a heading; null if there is none before the next heading.</summary>
    public static MarkdownTable? Under(SourceFile file, string heading)
    {
        var at = file.Lines.ToList().IndexOf(heading);
        if (at < 0)
        {
            return null;
        }

        for (at++; at < file.Lines.Count && !file.Lines[at].StartsWith('|'); at++)
        {
            if (file.Lines[at].StartsWith('#'))
            {
                return null;
            }
        }

        if (at == file.Lines.Count)
        {
            return null;
        }

        var columns = Cells(file.Lines[at]);

        // Behind the header comes the line of dashes.
        var rows = new List<(int, string[])>();
        for (at += 2; at < file.Lines.Count && file.Lines[at].StartsWith('|'); at++)
        {
            var cells = Cells(file.Lines[at]);
            Array.Resize(ref cells, columns.Length);
            rows.Add((at + 1, [.. cells.Select(cell => cell ?? "")]));
        }

        return new MarkdownTable(columns, rows);
    }

    /// <summary>Which column has a name; null if none has.</summary>
    public int? Column(string name) => Array.IndexOf(_columns, name) is >= 0 and var at ? at : null;

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim().Trim('`'))];
}
