using ReplyX.Api.Sites;

namespace ReplyX.Api.Operators;

/// <summary>
/// Whether a request that is known by its cookie was sent by a page of ours. It needs a header that no form can send, and what the browser
/// itself says of where it comes from: <c>Sec-Fetch-Site</c>, or on plain http, where browsers leave that out, <c>Origin</c>.
/// </summary>
internal sealed class SameSite(PublicAddress address)
{
    public const string Header = "X-ReplyX-Request";

    private const string FetchSite = "Sec-Fetch-Site";

    public bool IsFromOurPage(HttpRequest request)
    {
        if (!request.Headers[Header].Equals("1"))
        {
            return false;
        }

        return request.Headers.TryGetValue(FetchSite, out var site)
            ? site.Equals("same-origin")
            : request.Headers.Origin is [{ } origin] && address.IsOrigin(origin, request);
    }
}
