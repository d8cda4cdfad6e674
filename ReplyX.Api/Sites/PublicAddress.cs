using Microsoft.Extensions.Options;

namespace ReplyX.Api.Sites;

/// <summary>The address of this service for browsers: the configured one, or the one that a request was sent to.</summary>
internal sealed class PublicAddress(IOptions<SitesOptions> options)
{
    /// <summary>The address without a slash at its end.</summary>
    public string Of(HttpRequest request) =>
        (options.Value.PublicUrl?.AbsoluteUri ?? $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase}").TrimEnd('/');

    /// <summary>Whether an origin is this service's own.</summary>
    public bool IsOrigin(string origin, HttpRequest request) =>
        IsSame(origin, $"{request.Scheme}://{request.Host.ToUriComponent()}")
        || (options.Value.PublicUrl is { } url && IsSame(origin, url.GetLeftPart(UriPartial.Authority)));

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
