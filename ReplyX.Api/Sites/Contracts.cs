using System.Text.Json.Serialization;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Sites;

/// <summary>Asks for a site's token.</summary>
internal sealed record NewSiteToken(string? SiteId);

/// <summary>A site token, which is public: it stands in the embedding page.</summary>
internal sealed record SiteToken([property: JsonPropertyName("site_token")] string Value);

/// <summary>What goes into a page to embed the chat.</summary>
internal sealed record EmbedCode(string Html);

/// <summary>Asks whether a site token would start a dialog.</summary>
internal sealed record ValidateSiteToken(string? Token);

/// <summary>Whether a site token would start a dialog: of which site, or why not.</summary>
internal sealed record SiteTokenValidity(bool Valid, SiteView? Site, SiteTokenRefusal? Reason);

/// <summary>A site as the embedding page may know it.</summary>
internal sealed record SiteView(string Id, string Name);

/// <summary>Why a site token is not accepted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SiteTokenRefusal>))]
internal enum SiteTokenRefusal
{
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>It is no site token of ours, or its site is gone.</summary>
    [JsonStringEnumMemberName("invalid")]
    Invalid,

    /// <summary>A newer one took its place.</summary>
    [JsonStringEnumMemberName("rotated")]
    Rotated,
}

/// <summary>A site as the account's operators see it.</summary>
internal sealed record SiteDetails(
    string Id,
    string Name,
    string AssistantId,
    string Welcome,
    IReadOnlyList<string> Origins,
    bool DirectClient,
    SiteLook Look,
    bool AssistantEnabled,
    DateTimeOffset? CreatedAt)
{
    public static SiteDetails Of(Site site, bool assistantEnabled) => new(
        site.Id,
        site.Name,
        site.AssistantId,
        site.Welcome,
        site.Origins,
        site.DirectClient,
        site.Look ?? SiteLook.Default,
        assistantEnabled,
        site.CreatedAt);
}

/// <summary>An account's sites, by name.</summary>
internal sealed record AccountSites(IReadOnlyList<SiteDetails> Items);

/// <summary>A site to add, or what to change of one. What is left out has its default, or stays as it is.</summary>
internal sealed record SiteFields(
    string? Name, string? Welcome, IReadOnlyList<string>? Origins, bool? DirectClient, SiteLookFields? Look);

/// <summary>What to change of a site's look.</summary>
internal sealed record SiteLookFields(
    string? Color,
    SidePosition? Position,
    LookTheme? Theme,
    string? Title,
    string? Subtitle,
    string? LauncherText,
    LookLocale? Locale);
