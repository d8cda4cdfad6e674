using ReplyX.Messaging.Telemetry;

namespace ReplyX.Api.Data;

/// <summary>The words that values have in bodies.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => Cache<T>.Values[Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture)];

    /// <returns>The value; null if the word is none's.</returns>
    public static T? Find<T>(string? word)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        for (var i = 0; i < values.Length; i++)
        {
            if (Cache<T>.Values[i] == word)
            {
                return values[i];
            }
        }

        return null;
    }

    private static class Cache<T>
        where T : struct, Enum
    {
        public static readonly IReadOnlyList<string> Values = EnumLabels.Of<T>();
    }
}
