using System.Text.Json.Serialization;

namespace ReplyX.Api.Sites;

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
