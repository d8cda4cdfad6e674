using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ReplyX.Panels.Dashboards;

/// <summary>Applies a panel's overrides.</summary>
internal sealed class FieldResolver(GrafanaFieldConfig? config)
{
    private static readonly TimeSpan _regexLimit = TimeSpan.FromSeconds(1);

    /// <summary>The settings without any override.</summary>
    public FieldSettings Defaults { get; } = Read(config?.Defaults?.DeepClone().AsObject() ?? []);

    /// <summary>The settings of one series or column.</summary>
    public FieldSettings For(string name, string refId)
    {
        var overrides = (config?.Overrides ?? []).Where(one => one.Matcher is { } matcher && Matches(matcher, name, refId)).ToList();
        if (overrides.Count == 0)
        {
            return Defaults;
        }

        // An override's id is a path into the defaults, so that merging the JSON covers every property there is.
        var settings = config?.Defaults?.DeepClone().AsObject() ?? [];
        foreach (var property in overrides.SelectMany(one => one.Properties ?? []))
        {
            Set(settings, property.Id.Split('.'), property.Value);
        }

        return Read(settings);
    }

    private static void Set(JsonObject settings, ReadOnlySpan<string> path, JsonNode? value)
    {
        for (; path.Length > 1; path = path[1..])
        {
            if (settings[path[0]] is not JsonObject inner)
            {
                settings[path[0]] = inner = [];
            }

            settings = inner;
        }

        settings[path[0]] = value?.DeepClone();
    }

    private static bool Matches(GrafanaMatcher matcher, string name, string refId) => matcher switch
    {
        { Id: "byName", Options.ValueKind: JsonValueKind.String } => matcher.Options.Value.GetString() == name,
        { Id: "byFrameRefID", Options.ValueKind: JsonValueKind.String } => matcher.Options.Value.GetString() == refId,
        { Id: "byRegexp", Options.ValueKind: JsonValueKind.String } => Regex.IsMatch(name, matcher.Options.Value.GetString()!.Trim('/'), RegexOptions.None, _regexLimit),
        { Id: "byNames", Options.ValueKind: JsonValueKind.Object } when matcher.Options.Value.TryGetProperty("names", out var names)
            => names.EnumerateArray().Any(one => one.GetString() == name),
        _ => false,
    };

    private static FieldSettings Read(JsonObject settings)
    {
        try
        {
            return settings.Deserialize(DashboardJson.Default.FieldSettings) ?? new();
        }
        catch (JsonException e)
        {
            throw new DashboardException($"a panel's fieldConfig cannot be read: {e.Message}");
        }
    }
}
