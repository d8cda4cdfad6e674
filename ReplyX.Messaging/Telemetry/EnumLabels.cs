using System.Text.Json;

namespace ReplyX.Messaging.Telemetry;

/// <summary>The values of an enumeration as metrics name them.</summary>
public static class EnumLabels
{
    /// <summary>Every name in snake case, in the order of the values, which must count up from 0.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public static IReadOnlyList<string> Of<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
}
