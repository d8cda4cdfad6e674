using Microsoft.Net.Http.Headers;

namespace ReplyX.Api.Web;

/// <summary>A file in the encoding that the browser prefers, or 304 where it has it already.</summary>
internal sealed class WebAssetResult(WebAsset asset, string cacheControl, string? version = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var (bytes, encoding) = asset.For(request.Headers.AcceptEncoding.ToString());
        response.Headers.CacheControl = cacheControl;
        response.Headers.Vary = HeaderNames.AcceptEncoding;

        // Modules are fetched with CORS, and the loader by pages of any origin.
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (version is not null)
        {
            // Weak: the encodings have the same content and other bytes (RFC 9110, 8.8.1).
            var tag = $"W/\"{version}\"";
            response.Headers.ETag = tag;
            if (request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        response.ContentType = asset.ContentType;
        response.ContentLength = bytes.Length;
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}
