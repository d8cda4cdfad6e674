using System.Text.Json.Serialization;

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
