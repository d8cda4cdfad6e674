using System.Text.Json;
using ReplyX.Panels.Dashboards;
using ReplyX.Panels.Queries;

namespace ReplyX.Panels.Plots;

/// <summary>The rows of a table panel: what its queries gave, joined by their labels, after the transformations.</summary>
internal sealed class TableData
{
    private const string Joined = "joinByField";
    private const string Organized = "organize";
    private const string Merged = "merge";
    private const string Sorted = "sortBy";
    private const string NameColumn = "Name";
    private const string ValueColumn = "Value";

    private List<string> _columns = [];

    /// <summary>What stands at the head of each column.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Cells are text, or numbers with the target that they came from.</summary>
    public List<Dictionary<string, TableCell>> Rows { get; } = [];

    /// <summary>Whether a transformation is carried out; of other panels than tables none is.</summary>
    public static bool Knows(GrafanaPanel panel, GrafanaTransformation transformation)
        => panel.Type == "table" && transformation.Id is Joined or Organized or Merged or Sorted;

    public TableData(PanelView view)
    {
        var transformations = (view.Panel.Transformations ?? []).Where(one => !one.Disabled && one.Options is { ValueKind: JsonValueKind.Object }).ToList();
        var joint = transformations.FirstOrDefault(one => one.Id == Joined)?.Options is { } join && join.TryGetProperty("byField", out var field) ? field.GetString() : null;
        var several = view.Series.Select(series => series.RefId).Distinct().Count() > 1;
        foreach (var series in view.Series)
        {
            Add(series, several ? $"{ValueColumn} #{series.RefId}" : ValueColumn, joint, Calculation.Of(view.Calculation, series));
        }

        _columns = [.. Rows.SelectMany(row => row.Keys).Distinct().OrderBy(column => column == ValueColumn || column.StartsWith(ValueColumn + " #", StringComparison.Ordinal))];
        foreach (var transformation in transformations)
        {
            Apply(transformation);
        }

        foreach (var sort in view.Options.SortBy ?? [])
        {
            Sort(sort.DisplayName ?? "", sort.Desc);
        }
    }

    private void Add(Series series, string valueColumn, string? joint, double value)
    {
        var labels = series.Format == "table"
            ? series.Labels.Where(label => label.Key != "__name__").ToDictionary(label => label.Key, label => new TableCell(label.Value))
            : new() { [NameColumn] = new(series.Name) };
        var row = Rows.FirstOrDefault(row => !row.ContainsKey(valueColumn) && (joint is null
            ? labels.All(label => row.GetValueOrDefault(label.Key)?.Text == label.Value.Text) && row.Count(cell => cell.Value.Number is null) == labels.Count
            : row.GetValueOrDefault(joint)?.Text == labels.GetValueOrDefault(joint)?.Text));
        if (row is null)
        {
            Rows.Add(row = []);
        }

        foreach (var (name, cell) in labels)
        {
            row[name] = cell;
        }

        row[valueColumn] = new("", value, series.RefId);
    }

    private void Apply(GrafanaTransformation transformation)
    {
        var options = transformation.Options!.Value;
        if (transformation.Id == Sorted && options.TryGetProperty("sort", out var sorts))
        {
            foreach (var sort in sorts.EnumerateArray())
            {
                Sort(sort.GetProperty("field").GetString() ?? "", sort.TryGetProperty("desc", out var desc) && desc.ValueKind == JsonValueKind.True);
            }
        }

        if (transformation.Id != Organized)
        {
            return;
        }

        var (excluded, order, names) = (Property(options, "excludeByName"), Property(options, "indexByName"), Property(options, "renameByName"));
        _columns =
        [
            .. _columns
                .Where(column => !(excluded.TryGetValue(column, out var isOut) && isOut.ValueKind == JsonValueKind.True))
                .OrderBy(column => order.TryGetValue(column, out var index) && index.ValueKind == JsonValueKind.Number ? index.GetInt32() : int.MaxValue),
        ];
        foreach (var (from, name) in names.Where(rename => rename.Value.ValueKind == JsonValueKind.String))
        {
            Rename(from, name.GetString()!);
        }
    }

    private void Rename(string from, string to)
    {
        if (to.Length == 0 || to == from || !_columns.Contains(from))
        {
            return;
        }

        _columns[_columns.IndexOf(from)] = to;
        foreach (var row in Rows.Where(row => row.ContainsKey(from)))
        {
            row.Remove(from, out var cell);
            row[to] = cell!;
        }
    }

    private void Sort(string column, bool isDescending)
    {
        var sorted = Rows.OrderBy(row => row.GetValueOrDefault(column)?.Number).ThenBy(row => row.GetValueOrDefault(column)?.Text, StringComparer.Ordinal).ToList();
        if (isDescending)
        {
            sorted.Reverse();
        }

        Rows.Clear();
        Rows.AddRange(sorted);
    }

    private static Dictionary<string, JsonElement> Property(JsonElement options, string name)
        => options.TryGetProperty(name, out var property) && property.ValueKind == JsonValueKind.Object ? property.EnumerateObject().ToDictionary(one => one.Name, one => one.Value) : [];
}

/// <param name="Text">What a label says.</param>
/// <param name="Number">The value, where it is one.</param>
/// <param name="RefId">Its target.</param>
internal sealed record TableCell(string Text, double? Number = null, string RefId = "");
