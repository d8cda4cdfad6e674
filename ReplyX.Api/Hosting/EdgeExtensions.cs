using Microsoft.Extensions.Options;
using ReplyX.Api.Limits;

namespace ReplyX.Api.Hosting;

/// <summary>The edge: what a connection may send, whom it comes from, and what every answer carries.</summary>
internal static class EdgeExtensions
{
    // Larger bodies are refused by us. Kestrel takes and forgets what follows, at most for the five seconds that it gives to
    // that, since closing on a client that still sends resets the connection and the client never sees the 413.
    private const long MostBytesForgotten = 32 * 1024 * 1024;

    // The largest header is a token, below 1 KiB.
    private const int MaxHeaderBytes = 16 * 1024;

    public static void AddEdge(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytesForgotten;
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

    /// <summary>Refuses bodies that say themselves that they are too large, before anything else is asked.</summary>
    public static void UseBodyLimit(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<IOptions<RequestLimitOptions>>().Value.MaxBodyBytes;
        app.Use((context, next) => context.Request.ContentLength > limit
            ? (Problem.BodyTooLarge with { Detail = $"The most is {limit} bytes." }).ExecuteAsync(context)
            : next(context));
    }

    private static Task AddSecurityHeaders(object state)
    {
        var response = (HttpResponse)state;
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // Pages and their parts say themselves what they load and who may frame them; data is neither rendered nor kept.
        if (response.ContentType?.StartsWith("application/", StringComparison.OrdinalIgnoreCase) == true
            && !response.ContentType.StartsWith("application/javascript", StringComparison.OrdinalIgnoreCase))
        {
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
