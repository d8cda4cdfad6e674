using System.Text.Json.Serialization;

namespace ReplyX.Messaging.Accounts;

/// <summary>How the chat looks on a site. Every member has a default, so that a stored look may lack any of them.</summary>
/// <param name="Color">The accent colour, as <c>#rrggbb</c>.</param>
/// <param name="Position">The side of the page that the launcher is on.</param>
/// <param name="Theme">Light, dark, or what the visitor's browser prefers.</param>
/// <param name="Title">The chat's title; empty for the site's name.</param>
/// <param name="Subtitle">The line below the title; empty for none.</param>
/// <param name="LauncherText">The text beside the launcher's icon; empty for none.</param>
/// <param name="Locale">The chat's language, or what the visitor's browser prefers.</param>
public sealed record SiteLook(
    string Color = "#2563eb",
    SidePosition Position = SidePosition.Right,
    LookTheme Theme = LookTheme.Auto,
    string Title = "",
    string Subtitle = "",
    string LauncherText = "",
    LookLocale Locale = LookLocale.Auto)
{
    /// <summary>The look of a site that nobody has given one.</summary>
    public static SiteLook Default { get; } = new();
}

/// <summary>The side of a page.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SidePosition>))]
public enum SidePosition
{
    /// <summary>At the right.</summary>
    [JsonStringEnumMemberName("right")]
    Right,

    /// <summary>At the left.</summary>
    [JsonStringEnumMemberName("left")]
    Left,
}

/// <summary>The brightness of the chat.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LookTheme>))]
public enum LookTheme
{
    /// <summary>As the visitor's browser prefers.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>Light.</summary>
    [JsonStringEnumMemberName("light")]
    Light,

    /// <summary>Dark.</summary>
    [JsonStringEnumMemberName("dark")]
    Dark,
}

/// <summary>The language of the chat.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LookLocale>))]
public enum LookLocale
{
    /// <summary>As the visitor's browser prefers.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>English.</summary>
    [JsonStringEnumMemberName("en")]
    English,

    /// <summary>Russian.</summary>
    [JsonStringEnumMemberName("ru")]
    Russian,
}
