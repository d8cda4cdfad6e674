using System.Globalization;

namespace ReplyX.Api.Dialogs;

internal static class DialogId
{
    private const long Max = (1L << 53) - 1;

    /// <summary>
    /// Reads an id from a path. Leading zeros and signs are not accepted, so that each dialog has one address.
    /// </summary>
    public static bool TryParse(string text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id is > 0 and <= Max && text[0] != '0';
}
