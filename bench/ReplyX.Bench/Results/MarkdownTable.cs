using System.Text;

namespace ReplyX.Bench.Results;

/// <summary>A table whose first column holds names.</summary>
internal sealed class MarkdownTable(params IEnumerable<string> columns)
{
    private readonly List<string[]> _rows = [[.. columns]];

    public void Add(string name, params IEnumerable<string> cells) => _rows.Add([name, .. cells]);

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _rows.Count; i++)
        {
            text.AppendLine($"| {string.Join(" | ", _rows[i])} |");
            if (i == 0)
            {
                text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("---:|", _rows[i].Length - 1))}");
            }
        }

        return text.ToString();
    }
}
