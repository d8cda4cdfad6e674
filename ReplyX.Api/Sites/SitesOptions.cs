namespace ReplyX.Api.Sites;

/// <summary>How sites embed the chat. Bound from <c>Sites</c>.</summary>
internal sealed class SitesOptions
{
    public const string Section = "Sites";

    /// <summary>This service as visitors' browsers reach it. Default: as the operator's browser did.</summary>
    public Uri? PublicUrl { get; set; }

    public bool IsValid => PublicUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" };
}
