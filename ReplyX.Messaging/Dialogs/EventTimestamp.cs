using System.Globalization;

namespace ReplyX.Messaging.Dialogs;

/// <summary>Times as events and answers carry them: UTC, with milliseconds and <c>Z</c>.</summary>
public static class EventTimestamp
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Formats a time, for example <c>2026-01-01T00:00:00.000Z</c>.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);
}
