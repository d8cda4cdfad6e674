using System.Text.RegularExpressions;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Web;

/// <summary>How the chat looks: the site's look, and what the embedding page wants otherwise.</summary>
internal sealed partial record ChatLook(string Color, string Position, string Theme, string Title, string Subtitle, string LauncherText)
{
    /// <summary>The look of a site that chose none, and of the page that says that there is no chat.</summary>
    public static ChatLook Default { get; } = new("#2f5bea", "right", "auto", "", "", "");

    public static ChatLook Of(Site site) => Default with { Title = site.Name };

    /// <summary>With what the embedding page's attributes say. What they cannot mean is left out.</summary>
    public ChatLook With(string? color, string? position, string? theme) => this with
    {
        Color = color is not null && HexColor().IsMatch(color) ? color : Color,
        Position = position is "left" or "right" ? position : Position,
        Theme = theme is "light" or "dark" or "auto" ? theme : Theme,
    };

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex HexColor();
}
