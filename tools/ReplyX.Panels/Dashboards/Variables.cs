using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReplyX.Panels.Dashboards;

/// <summary>Puts values in place of $name, ${name}, ${name:regex} and [[name]].</summary>
internal sealed partial class Variables
{
    private const string Everything = ".*";

    private readonly Dictionary<string, (string Query, string Plain, string Shown)> _values = [];

    /// <param name="declared">The dashboard's variables.</param>
    /// <param name="given">The values from the command line.</param>
    public Variables(IEnumerable<GrafanaVariable> declared, IReadOnlyDictionary<string, IReadOnlyList<string>> given)
    {
        foreach (var variable in declared)
        {
            _values[variable.Name] = Resolve(variable, given.GetValueOrDefault(variable.Name));
        }
    }

    private Variables(Dictionary<string, (string Query, string Plain, string Shown)> values) => _values = values;

    /// <summary>With those that depend on the range: $__interval, $__rate_interval, $__range and their kin.</summary>
    public Variables In(TimeRange range, TimeSpan scrapeInterval)
    {
        // Grafana's rule: a rate needs two samples at each point, also where one scrape was lost.
        var rate = TimeSpan.FromTicks(Math.Max((range.Step + scrapeInterval).Ticks, 4 * scrapeInterval.Ticks));
        var values = new Dictionary<string, (string, string, string)>(_values);
        Add("__interval", Duration.Text(range.Step));
        Add("__interval_ms", Number(range.Step.TotalMilliseconds));
        Add("__rate_interval", Duration.Text(rate));
        Add("__rate_interval_ms", Number(rate.TotalMilliseconds));
        Add("__range", Number(range.Seconds) + "s");
        Add("__range_s", Number(range.Seconds));
        Add("__range_ms", Number(range.Seconds * 1000));
        Add("__from", Number(range.From * 1000));
        Add("__to", Number(range.To * 1000));
        return new(values);

        void Add(string name, string value) => values[name] = (value, value, value);
        static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
    }

    /// <summary>For a query.</summary>
    public string InQuery(string text) => Replace(text, (name, format) =>
        _values.TryGetValue(name, out var value) ? format is "raw" or "text" or "csv" ? value.Plain : value.Query : null);

    /// <summary>For a title or a caption.</summary>
    public string InText(string? text) => Replace(text ?? "", (name, _) => _values.TryGetValue(name, out var value) ? value.Shown : null);

    private static string Replace(string text, Func<string, string, string?> valueOf)
        => Reference().Replace(text, match => valueOf(match.Groups["name"].Value, match.Groups["format"].Value) ?? match.Value);

    private static (string Query, string Plain, string Shown) Resolve(GrafanaVariable variable, IReadOnlyList<string>? given)
    {
        if (given is null)
        {
            var preset = Text(variable.Current?.Value) ?? (variable.Options ?? []).Select(option => Text(option.Value)).FirstOrDefault(value => value is not null);
            if (variable.IncludeAll || preset is null && variable.Type is "query" or "custom")
            {
                return (variable.AllValue is { Length: > 0 } all ? all : Everything, Everything, "all");
            }

            given = [preset ?? Text(variable.Query) ?? ""];
        }

        // Grafana's rule, too: only a variable that may stand for several values is meant for =~.
        var isPattern = variable.Multi || variable.IncludeAll || given.Count > 1;
        var values = given.Select(value => Quoted(isPattern ? Regex.Escape(value).Replace("\\ ", " ", StringComparison.Ordinal) : value)).ToList();
        return (values.Count == 1 ? values[0] : $"({string.Join('|', values)})", string.Join(',', given), string.Join(", ", given));
    }

    /// <summary>As it stands between quotes in PromQL.</summary>
    private static string Quoted(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string? Text(JsonElement? value)
    {
        var text = value switch
        {
            { ValueKind: JsonValueKind.String } one => one.GetString(),
            { ValueKind: JsonValueKind.Array } several when several.GetArrayLength() == 1 => Text(several[0]),
            _ => null,
        };
        return text is null or "" or "$__all" ? null : text;
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)(?::(?<format>\w+))?\}|\$(?<name>\w+)|\[\[(?<name>\w+)\]\]")]
    private static partial Regex Reference();
}
