using System.Diagnostics.CodeAnalysis;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>An origin (RFC 6454), or all subdomains of one: scheme, host and port have to agree.</summary>
public readonly record struct OriginPattern
{
    private const string Wildcard = "*.";

    private readonly string _scheme;
    private readonly string _host;
    private readonly int _port;
    private readonly bool _subdomains;

    private OriginPattern(Uri origin, bool subdomains)
    {
        _scheme = origin.Scheme;
        _host = origin.IdnHost;
        _port = origin.Port;
        _subdomains = subdomains;
    }

    /// <summary>Reads an origin, or a pattern with <c>*.</c> before the host.</summary>
    /// <param name="text">The text, e.g. <c>https://*.example.com</c>.</param>
    /// <param name="pattern">The pattern, if the text is one.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out OriginPattern pattern)
    {
        pattern = default;
        var separator = text?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (separator < 0)
        {
            return false;
        }

        var scheme = text![..(separator + 3)];
        var rest = text[(separator + 3)..];
        var subdomains = rest.StartsWith(Wildcard, StringComparison.Ordinal);
        if (!TryParseOrigin(scheme + (subdomains ? rest[Wildcard.Length..] : rest), out var origin))
        {
            return false;
        }

        pattern = new OriginPattern(origin, subdomains);
        return true;
    }

    /// <summary>Whether one of several patterns takes an origin. What is no pattern takes none.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="origin">The origin as a browser sends it.</param>
    public static bool IsListed(IEnumerable<string> patterns, string origin)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        return patterns.Any(listed => TryParse(listed, out var pattern) && pattern.Matches(origin));
    }

    /// <summary>Whether an origin is this one, or of one of its subdomains.</summary>
    /// <param name="origin">The origin as a browser sends it.</param>
    public bool Matches(string origin) =>
        TryParseOrigin(origin, out var uri)
        && uri.Scheme == _scheme
        && uri.Port == _port
        && (_subdomains
            ? uri.IdnHost.EndsWith("." + _host, StringComparison.OrdinalIgnoreCase)
            : string.Equals(uri.IdnHost, _host, StringComparison.OrdinalIgnoreCase));

    // An origin has no path, query, fragment or user; "null" is none that could be listed.
    private static bool TryParseOrigin(string text, [NotNullWhen(true)] out Uri? origin) =>
        Uri.TryCreate(text, UriKind.Absolute, out origin)
        && origin.Scheme is "http" or "https"
        && origin.PathAndQuery == "/"
        && origin.UserInfo.Length == 0
        && origin.Fragment.Length == 0;
}
