namespace ReplyX.Api.Sites;

/// <summary>How sites embed the chat. Bound from <c>Sites</c>.</summary>
internal sealed class SitesOptions
{
    public const string Section = "Sites";

    /// <summary>The address of this service for visitors' browsers. Default: the one that the operator's request was sent to.</summary>
    public Uri? PublicUrl { get; set; }

    public bool IsValid => PublicUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" };
}
