using System.Text;

namespace ReplyX.Api.Web;

/// <summary>A filled in page with its policy. It is asked for anew each time, since its configuration may have changed.</summary>
internal sealed class WebPageResult(string html, ContentSecurityPolicy policy, int status = StatusCodes.Status200OK) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = policy.ToString();
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (policy.FrameAncestors.Count == 0)
        {
            headers.XFrameOptions = "DENY";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        return response.WriteAsync(html, Encoding.UTF8, httpContext.RequestAborted);
    }
}
