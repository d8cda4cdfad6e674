using System.Text.Json;

namespace ReplyX.Realtime.Telemetry;

internal static class ConnectionErrors
{
    private static readonly string[] _labels =
        [.. Enum.GetNames<ConnectionError>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>Every label, in the order of the values.</summary>
    public static IReadOnlyList<string> Labels => _labels;

    /// <summary>The error as metrics, problem details and close reasons name it.</summary>
    public static string Label(this ConnectionError error) => _labels[(int)error];
}
