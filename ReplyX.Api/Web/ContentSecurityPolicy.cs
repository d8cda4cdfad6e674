namespace ReplyX.Api.Web;

/// <summary>
/// What a page of ours may load and who may frame it (CSP Level 3). Nothing inline is ever allowed: scripts and styles come from our
/// files, and scripts may not make markup from text (Trusted Types).
/// </summary>
/// <param name="FrameAncestors">Who may frame the page, as CSP sources.</param>
internal sealed record ContentSecurityPolicy(params IReadOnlyList<string> FrameAncestors)
{
    /// <summary>What the page connects to besides its own origin.</summary>
    public IReadOnlyList<string> Connect { get; init; } = [];

    public override string ToString() => string.Join("; ",
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        string.Join(' ', ["connect-src", "'self'", .. Connect]),
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        $"frame-ancestors {(FrameAncestors.Count == 0 ? "'none'" : string.Join(' ', FrameAncestors))}");
}
