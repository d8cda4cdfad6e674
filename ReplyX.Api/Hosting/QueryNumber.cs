using System.Globalization;

namespace ReplyX.Api.Hosting;

internal static class QueryNumber
{
    /// <summary>Reads a number from the query; a parameter that is given twice is not a number.</summary>
    public static bool TryParse(string? text, long defaultValue, long min, long max, out long number)
    {
        if (text is null)
        {
            number = defaultValue;
            return true;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max;
    }
}
