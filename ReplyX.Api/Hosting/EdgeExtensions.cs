using Microsoft.Extensions.Options;
using ReplyX.Api.Limits;

namespace ReplyX.Api.Hosting;

/// <summary>The edge of the service: limits of connections and requests, trusted proxies, and the headers of every answer.</summary>
internal static class EdgeExtensions
{
    // Bodies that are too large are refused by this service with 413. Kestrel then reads and discards the rest for up to five seconds:
    // if it closed while the client still sends, the connection would be reset and the client would not see the 413.
    private const long MaxDiscardedBodyBytes = 32 * 1024 * 1024;

    // The largest header is a token, of less than 1 KiB.
    private const int MaxHeaderBytes = 16 * 1024;

    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxDiscardedBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        });

        builder.AddTrustedProxies();
        builder.AddConnectionGate();
    }

    public static void UseEdge(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.Use((context, next) =>
        {
            context.Response.OnStarting(AddSecurityHeaders, context.Response);
            return next(context);
        });
    }

    /// <summary>Refuses requests whose Content-Length is too large, before authorization.</summary>
    public static void UseBodyLimit(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<IOptions<RequestLimitOptions>>().Value.MaxBodyBytes;
        app.Use((context, next) => BodyLimitMetadata.Of(context, limit) is var most && context.Request.ContentLength > most
            ? (Problem.BodyTooLarge with { Detail = $"The most is {most} bytes." }).ExecuteAsync(context)
            : next(context));
    }

    private static Task AddSecurityHeaders(object state)
    {
        var response = (HttpResponse)state;
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // JSON is neither rendered nor cached. Pages and scripts have headers of their own for what they load and who may frame them.
        if (response.ContentType?.StartsWith("application/", StringComparison.OrdinalIgnoreCase) == true
            && !response.ContentType.StartsWith("application/javascript", StringComparison.OrdinalIgnoreCase))
        {
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
