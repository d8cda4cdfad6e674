namespace ReplyX.Panels.Queries;

/// <summary>Reduces a series to one value, by Grafana's names.</summary>
internal static class Calculation
{
    public const string Last = "lastNotNull";

    /// <summary>The value, or NaN where there is none.</summary>
    public static double Of(string? name, Series series)
    {
        var values = series.Samples.Select(sample => sample.Value).Where(value => !double.IsNaN(value)).ToList();
        return values.Count == 0 ? double.NaN : name switch
        {
            "min" => values.Min(),
            "max" => values.Max(),
            "mean" => values.Average(),
            "sum" => values.Sum(),
            "count" => values.Count,
            "first" or "firstNotNull" => values[0],
            "range" => values.Max() - values.Min(),
            "delta" or "diff" => values[^1] - values[0],
            "median" => values.Order().ElementAt(values.Count / 2),
            _ => values[^1],
        };
    }

    /// <summary>The name in a legend.</summary>
    public static string Title(string name) => name switch
    {
        "lastNotNull" => "last",
        "firstNotNull" => "first",
        _ => name,
    };
}
