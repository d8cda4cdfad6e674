using ReplyX.Messaging.Telemetry;

namespace ReplyX.Realtime.Telemetry;

internal static class ConnectionErrors
{
    private static readonly IReadOnlyList<string> _labels = EnumLabels.Of<ConnectionError>();

    /// <summary>Every label, in the order of the values.</summary>
    public static IReadOnlyList<string> Labels => _labels;

    /// <summary>The error as metrics, problem details and close reasons name it.</summary>
    public static string Label(this ConnectionError error) => _labels[(int)error];
}
