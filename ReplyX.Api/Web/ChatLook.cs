using System.Text.RegularExpressions;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Web;

/// <summary>How the chat looks: the site's look, and what the embedding page wants otherwise.</summary>
/// <param name="Color">The accent colour, as <c>#rrggbb</c>.</param>
/// <param name="Position">The launcher's side.</param>
/// <param name="Theme">Light, dark, or what the visitor's browser prefers.</param>
/// <param name="Title">Whose chat it is.</param>
/// <param name="Subtitle">The line below; empty for what the chat says by itself.</param>
/// <param name="LauncherText">The text beside the launcher's picture; empty for none.</param>
internal sealed partial record ChatLook(string Color, SidePosition Position, LookTheme Theme, string Title, string Subtitle, string LauncherText)
{
    /// <summary>The look of the preview, and of the page that says that there is no chat.</summary>
    public static ChatLook Default { get; } = Of(SiteLook.Default, "");

    public static ChatLook Of(Site site) => Of(site.Look ?? SiteLook.Default, site.Name);

    private static ChatLook Of(SiteLook look, string name) =>
        new(look.Color, look.Position, look.Theme, look.Title is { Length: > 0 } title ? title : name, look.Subtitle, look.LauncherText);

    /// <summary>With what the embedding page's attributes say. What they cannot mean is left out.</summary>
    public ChatLook With(string? color, string? position, string? theme) => this with
    {
        Color = color is not null && HexColor().IsMatch(color) ? color : Color,
        Position = position switch { "left" => SidePosition.Left, "right" => SidePosition.Right, _ => Position },
        Theme = theme switch { "light" => LookTheme.Light, "dark" => LookTheme.Dark, "auto" => LookTheme.Auto, _ => Theme },
    };

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex HexColor();
}
