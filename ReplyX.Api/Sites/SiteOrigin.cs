namespace ReplyX.Api.Sites;

/// <summary>
/// Where a site's pages come from: an origin (RFC 6454), or with <c>*.</c> before the host all of its subdomains. What is stored has one
/// spelling and ASCII only, since it is put into a content security policy.
/// </summary>
internal static class SiteOrigin
{
    private const string Wildcard = "*.";
    private const int MaxLength = 255;

    /// <returns>The origin as it is stored; null if the text is none.</returns>
    public static string? TryNormalize(string? text)
    {
        if (text is null || text.Length > MaxLength || text.IndexOf("://", StringComparison.Ordinal) is not (>= 0 and var separator))
        {
            return null;
        }

        var rest = text[(separator + 3)..];
        var wildcard = rest.StartsWith(Wildcard, StringComparison.Ordinal) ? Wildcard : "";
        if (!Uri.TryCreate(text[..(separator + 3)] + rest[wildcard.Length..], UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)
            || uri.PathAndQuery != "/"
            || uri.UserInfo.Length > 0
            || uri.Fragment.Length > 0)
        {
            return null;
        }

        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost.ToLowerInvariant();
        var isHost = host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ':' or '[' or ']');
        return !isHost || (wildcard.Length > 0 && uri.HostNameType != UriHostNameType.Dns)
            ? null
            : uri.IsDefaultPort
                ? $"{uri.Scheme}://{wildcard}{host}"
                : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{uri.Scheme}://{wildcard}{host}:{uri.Port}");
    }
}
