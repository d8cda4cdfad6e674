using System.Globalization;

namespace ReplyX.Realtime.WebSockets;

internal static class CloseCodes
{
    private const int FirstOfLibraries = 3000;
    private const int FirstPrivate = 4000;

    /// <summary>Ours and those of the RFC, whose labels are made once.</summary>
    private static readonly Dictionary<int, string> _labels =
        Enumerable.Range(1000, 16).Concat(Enum.GetValues<CloseCode>().Select(code => (int)code)).Distinct()
            .ToDictionary(code => code, code => code.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// A code as metrics name it. A peer may choose any of the ranges that are open to all (RFC 6455 section 7.4.2), and must not make
    /// a series of each: those are <c>3xxx</c> and <c>4xxx</c>.
    /// </summary>
    public static string Label(int code) => _labels.TryGetValue(code, out var label) ? label
        : code >= FirstPrivate ? "4xxx"
        : code >= FirstOfLibraries ? "3xxx"
        : "other";
}
