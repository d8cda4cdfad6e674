using System.Text.RegularExpressions;

namespace ReplyX.Testing;

/// <summary>A metric family as docs/observability.md has it.</summary>
/// <param name="Family">Its name at <c>/metrics</c>.</param>
/// <param name="Kind"><c>gauge</c>, <c>counter</c> or <c>histogram</c>.</param>
/// <param name="Labels">The names of its labels.</param>
/// <param name="OfRealtime">Whether realtime nodes expose it.</param>
/// <param name="OfApi">Whether the Api exposes it.</param>
public sealed record DocumentedMetric(string Family, string Kind, IReadOnlySet<string> Labels, bool OfRealtime, bool OfApi);

/// <summary>What docs/observability.md says that services expose: what tests, dashboards and rules are held against.</summary>
public sealed partial class DocumentedMetrics
{
    private readonly Dictionary<(string Label, string? Family), IReadOnlySet<string>> _values = [];

    private DocumentedMetrics(string page)
    {
        var (realtime, api) = (false, false);
        List<DocumentedMetric> all = [];
        foreach (var line in page.Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                (realtime, api) = (false, false);
            }
            else if (line.StartsWith("Exposed by ", StringComparison.Ordinal))
            {
                (realtime, api) = (line.Contains("Realtime", StringComparison.Ordinal), line.Contains("Api", StringComparison.Ordinal));
                (realtime, api) = line.Contains("both", StringComparison.Ordinal) ? (true, true) : (realtime, api);
            }
            else if (Series().Match(line) is { Success: true } series && (realtime || api))
            {
                var labels = series.Groups["labels"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
                all.Add(new DocumentedMetric(series.Groups["family"].Value, series.Groups["kind"].Value, labels, realtime, api));
            }
            else if (Label().Match(line) is { Success: true } label)
            {
                var values = Quoted().Matches(label.Groups["values"].Value).Select(match => match.Groups[1].Value).ToHashSet();
                var families = Quoted().Matches(label.Groups["families"].Value).Select(match => match.Groups[1].Value).ToList();
                foreach (var family in families.DefaultIfEmpty())
                {
                    _values.Add((label.Groups["label"].Value, family), values);
                }
            }
        }

        All = all;
        Libraries = [.. Quoted().Matches(page[page.IndexOf("\n## What .NET exposes", StringComparison.Ordinal)..page.IndexOf("\n## Health", StringComparison.Ordinal)])
            .Select(match => match.Groups[1].Value)];
    }

    /// <summary>Every family of ours, in the order of the page.</summary>
    public IReadOnlyList<DocumentedMetric> All { get; }

    /// <summary>Families of .NET and ASP.NET Core that dashboards use, and beginnings of the names of the others.</summary>
    public IReadOnlyList<string> Libraries { get; }

    public static DocumentedMetrics Read() => new(File.ReadAllText(Repository.File("docs", "observability.md")));

    /// <summary>The values that a label of a family can have; null if they are not bounded by the page.</summary>
    public IReadOnlySet<string>? ValuesOf(string family, string label) =>
        _values.TryGetValue((label, family), out var own) ? own
        : _values.TryGetValue((label, null), out var common) ? common
        : null;

    [GeneratedRegex(@"^\| `(?<family>[a-z_]+)(\{(?<labels>[a-z_,]+)\})?` \| (?<kind>gauge|counter|histogram) \|")]
    private static partial Regex Series();

    [GeneratedRegex(@"^\| `(?<label>[a-z_]+)`( of (?<families>`[^|]+`))? \| (?<values>[^|]+) \|\r?$")]
    private static partial Regex Label();

    [GeneratedRegex("`([a-zA-Z0-9_]+)`")]
    private static partial Regex Quoted();
}
