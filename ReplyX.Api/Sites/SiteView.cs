namespace ReplyX.Api.Sites;

/// <summary>A site as the embedding page may know it.</summary>
internal sealed record SiteView(string Id, string Name);
