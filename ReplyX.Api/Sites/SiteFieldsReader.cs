using System.Text.RegularExpressions;
using ReplyX.Api.Operators;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Sites;

/// <summary>Checks what an owner says of a site, and applies it.</summary>
internal static partial class SiteFieldsReader
{
    private const int MaxWelcomeLength = 2_000;
    private const int MaxOrigins = 50;
    private const int MaxTitleLength = 60;
    private const int MaxSubtitleLength = 120;
    private const int MaxLauncherTextLength = 40;

    /// <returns>The fields as they are stored, or the problem with them.</returns>
    public static (SiteFields Fields, Problem? Problem) Read(SiteFields fields, bool isNew)
    {
        var name = fields.Name;
        if ((isNew || name is not null) && OperatorFields.CheckName(ref name) is { } wrongName)
        {
            return (fields, wrongName);
        }

        if (fields.Welcome?.Length > MaxWelcomeLength)
        {
            return (fields, Problem.Member("welcome", $"At most {MaxWelcomeLength} characters; empty for none."));
        }

        List<string>? origins = null;
        if (fields.Origins is { } given)
        {
            if (given.Count > MaxOrigins)
            {
                return (fields, Problem.Member("origins", $"At most {MaxOrigins}."));
            }

            origins = [];
            foreach (var text in given)
            {
                if (SiteOrigin.TryNormalize(text) is not { } origin)
                {
                    return (fields, Problem.Member("origins", "Each is a scheme and a host, such as https://shop.example or https://*.shop.example."));
                }

                if (!origins.Contains(origin))
                {
                    origins.Add(origin);
                }
            }
        }

        return (fields with { Name = name, Welcome = fields.Welcome?.Trim(), Origins = origins }, CheckLook(fields.Look));
    }

    public static Site Apply(this SiteFields fields, Site site) => site with
    {
        Name = fields.Name ?? site.Name,
        Welcome = fields.Welcome ?? site.Welcome,
        Origins = fields.Origins ?? site.Origins,
        DirectClient = fields.DirectClient ?? site.DirectClient,
        Look = fields.Look is { } look ? Apply(look, site.Look ?? SiteLook.Default) : site.Look,
    };

    private static SiteLook Apply(SiteLookFields fields, SiteLook look) => new(
        fields.Color?.ToLowerInvariant() ?? look.Color,
        fields.Position ?? look.Position,
        fields.Theme ?? look.Theme,
        fields.Title?.Trim() ?? look.Title,
        fields.Subtitle?.Trim() ?? look.Subtitle,
        fields.LauncherText?.Trim() ?? look.LauncherText,
        fields.Locale ?? look.Locale);

    private static Problem? CheckLook(SiteLookFields? look) =>
        look is null ? null
        : look.Color is { } color && !Color().IsMatch(color) ? Problem.Member("look.color", "It is #rrggbb.")
        : Check("look.title", look.Title, MaxTitleLength)
            ?? Check("look.subtitle", look.Subtitle, MaxSubtitleLength)
            ?? Check("look.launcher_text", look.LauncherText, MaxLauncherTextLength);

    private static Problem? Check(string field, string? text, int most) =>
        text is null || (text.Length <= most && !text.Any(char.IsControl))
            ? null
            : Problem.Member(field, $"At most {most} characters without control characters; empty for none.");

    [GeneratedRegex("^#[0-9A-Fa-f]{6}\\z")]
    private static partial Regex Color();
}
