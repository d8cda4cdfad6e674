using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace ReplyX.LocalHosting.Proxy;

/// <summary>Forwards requests with their own Host header, which origins are checked against.</summary>
internal sealed class KeepHost : HttpTransformer
{
    public static readonly KeepHost Instance = new();

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        proxyRequest.Headers.Host = httpContext.Request.Host.Value;
    }
}
