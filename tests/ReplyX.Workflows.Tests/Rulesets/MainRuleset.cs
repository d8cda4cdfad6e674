using System.Text.Json;
using ReplyX.Testing;

namespace ReplyX.Workflows.Tests.Rulesets;

/// <summary>.github/rulesets/main.json.</summary>
internal static class MainRuleset
{
    public static string Path { get; } = Repository.File(".github", "rulesets", "main.json");

    public static JsonElement Root { get; } = JsonDocument.Parse(File.ReadAllText(Path)).RootElement;

    public static IReadOnlyList<string> RequiredChecks { get; } =
        [.. Rule("required_status_checks").GetProperty("required_status_checks").EnumerateArray().Select(check => check.GetProperty("context").GetString()!)];

    /// <summary>The paths whose changes the realtime team approves.</summary>
    public static IReadOnlyList<string> RealtimePatterns { get; } =
        [.. Rule("pull_request").GetProperty("required_reviewers").EnumerateArray().Single().GetProperty("file_patterns").EnumerateArray().Select(p => p.GetString()!)];

    public static JsonElement Rule(string type) =>
        Root.GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("type").GetString() == type).GetProperty("parameters");
}
