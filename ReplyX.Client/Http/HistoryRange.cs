using System.Globalization;

namespace ReplyX.Client;

/// <summary>Which stretch of a history is wanted. With neither end: the latest events.</summary>
/// <param name="After">Only events above this number.</param>
/// <param name="Before">Only events below this number.</param>
/// <param name="Limit">How many at most; the server has its own limit, too.</param>
public readonly record struct HistoryRange(long? After = null, long? Before = null, int? Limit = null)
{
    internal string ToQuery()
    {
        var parts = new List<string>(3);
        Add(parts, "after", After);
        Add(parts, "before", Before);
        Add(parts, "limit", Limit);
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private static void Add(List<string> parts, string name, long? value)
    {
        if (value is { } number)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={number}"));
        }
    }
}
