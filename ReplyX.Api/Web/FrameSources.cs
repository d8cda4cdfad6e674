using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Web;

/// <summary>A site's origins as sources of <c>frame-ancestors</c>.</summary>
internal static class FrameSources
{
    // Whatever a stored origin holds, no more than an origin gets into the header.
    public static IEnumerable<string> Of(Site site) => site.Origins.Select(Parse).OfType<string>().Distinct(StringComparer.Ordinal);

    private static string? Parse(string origin)
    {
        const string Wildcard = "*.";
        var (scheme, rest) = origin.Split("://", 2) is [var first, var second] ? (first, second) : ("", "");
        var subdomains = rest.StartsWith(Wildcard, StringComparison.Ordinal);
        return scheme is "http" or "https"
            && Uri.TryCreate($"{scheme}://{(subdomains ? rest[Wildcard.Length..] : rest)}", UriKind.Absolute, out var uri)
            && uri is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
            && uri.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
                ? $"{scheme}://{(subdomains ? Wildcard : "")}{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}"
                : null;
    }
}
