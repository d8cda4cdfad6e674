using ReplyX.Api.Sites;
using ReplyX.Messaging.Accounts;

namespace ReplyX.Api.Web;

/// <summary>A site's origins as sources of <c>frame-ancestors</c>.</summary>
internal static class FrameSources
{
    // Whatever a stored origin holds, no more than an origin gets into the header.
    public static IEnumerable<string> Of(Site site) =>
        site.Origins.Select(SiteOrigin.TryNormalize).OfType<string>().Distinct(StringComparer.Ordinal);
}
