using System.Globalization;
using System.Text.Json;

namespace ReplyX.Panels.Dashboards;

/// <summary>Texts and colours for certain values.</summary>
internal sealed record ValueMapping(string? Type = null, JsonElement? Options = null)
{
    /// <summary>What the value is mapped to; both are null where it is not.</summary>
    public (string? Text, string? Color) Find(double value)
    {
        if (Options is not { ValueKind: JsonValueKind.Object } options)
        {
            return default;
        }

        return Type switch
        {
            "value" when options.TryGetProperty(value.ToString(CultureInfo.InvariantCulture), out var result) => Result(result),
            "range" when value >= Bound(options, "from", double.NegativeInfinity) && value <= Bound(options, "to", double.PositiveInfinity) => Result(options.GetProperty("result")),
            "special" when double.IsNaN(value) && options.TryGetProperty("match", out var match) && match.GetString() is "nan" or "null" or "null+nan" => Result(options.GetProperty("result")),
            _ => default,
        };
    }

    /// <summary>What a label's value is mapped to.</summary>
    public (string? Text, string? Color) Find(string text)
        => Type == "value" && Options is { ValueKind: JsonValueKind.Object } options && options.TryGetProperty(text, out var result) ? Result(result) : default;

    private static double Bound(JsonElement options, string name, double open)
        => options.TryGetProperty(name, out var bound) && bound.ValueKind == JsonValueKind.Number ? bound.GetDouble() : open;

    private static (string? Text, string? Color) Result(JsonElement result) => (Property(result, "text"), Property(result, "color"));

    private static string? Property(JsonElement result, string name)
        => result.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
