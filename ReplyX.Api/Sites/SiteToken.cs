using System.Text.Json.Serialization;

namespace ReplyX.Api.Sites;

/// <summary>A site token, which is public: it stands in the embedding page.</summary>
internal sealed record SiteToken([property: JsonPropertyName("site_token")] string Value);
