using System.Text.RegularExpressions;

namespace ReplyX.Panels.Queries;

/// <summary>Names of series, as Grafana's legendFormat makes them.</summary>
internal static partial class SeriesNames
{
    private const string MetricName = "__name__";

    /// <summary>Names for all series of one target.</summary>
    public static IReadOnlyList<string> Of(string? format, string query, IReadOnlyList<PrometheusSeries> series)
    {
        if (format is { Length: > 0 } and not "__auto")
        {
            return [.. series.Select(one => Fill(format, one.Labels))];
        }

        // What tells the series apart is all that a reader needs.
        var telling = series.SelectMany(one => one.Labels.Keys).Distinct()
            .Where(label => label != MetricName && (series.Count == 1 || series.Select(one => one.Labels.GetValueOrDefault(label)).Distinct().Count() > 1))
            .Order(StringComparer.Ordinal)
            .ToList();
        return [.. series.Select(one => Join(telling, one.Labels) is { Length: > 0 } name ? name : one.Labels.GetValueOrDefault(MetricName, query))];
    }

    /// <summary>Puts a series' labels in place of {{label}}.</summary>
    public static string Fill(string format, IReadOnlyDictionary<string, string> labels)
        => Reference().Replace(format, match => labels.GetValueOrDefault(match.Groups[1].Value, ""));

    private static string Join(List<string> telling, IReadOnlyDictionary<string, string> labels) => telling.Count == 1
        ? labels.GetValueOrDefault(telling[0], "")
        : string.Join(", ", telling.Where(labels.ContainsKey).Select(label => $"{label}=\"{labels[label]}\""));

    [GeneratedRegex(@"\{\{\s*(.+?)\s*\}\}")]
    private static partial Regex Reference();
}
