using System.Globalization;
using System.Text.Json;

namespace ReplyX.Messaging.Telemetry;

/// <summary>The values of an enumeration as metrics name them.</summary>
public static class EnumLabels
{
    /// <summary>Every name in snake case, in the order of the values, which must count up from 0.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    /// <exception cref="NotSupportedException">They do not.</exception>
    public static IReadOnlyList<string> Of<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => Convert.ToInt32(value, CultureInfo.InvariantCulture)).SequenceEqual(Enumerable.Range(0, Enum.GetNames<T>().Length))
            ? [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)]
            : throw new NotSupportedException($"The values of {typeof(T).Name} do not count up from 0.");
}
