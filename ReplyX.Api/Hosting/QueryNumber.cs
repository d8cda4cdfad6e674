using System.Globalization;

namespace ReplyX.Api.Hosting;

internal static class QueryNumber
{
    /// <summary>Reads a number of the query; a parameter that is given twice is none.</summary>
    public static bool TryParse(string? text, long absent, long least, long most, out long number)
    {
        if (text is null)
        {
            number = absent;
            return true;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
    }
}
