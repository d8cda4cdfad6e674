using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using ReplyX.Realtime.Routes;

namespace ReplyX.Realtime.Telemetry;

/// <summary>
/// Ends the span of a socket's request when the handshake is answered. ASP.NET Core makes one for every request, with an exporter or
/// without, and ends it with the request, which is as long as the socket: a trace would be seen hours later, and each socket would
/// hold its span.
/// </summary>
/// <remarks>
/// A filter of the start rather than a middleware: it must come before everything that waits for the request's end, since whoever
/// waits holds what was current when it began to. The page for developers, which is put first in development, is one of those.
/// </remarks>
internal sealed class HandshakeSpan : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // Not async, so that what is current here is current for the server's own wait as well.
        app.Use(following => context =>
        {
            if (SocketRoutes.Contains(context.Request.Path))
            {
                EndWhenAnswered(context);
            }

            return following(context);
        });
        next(app);
    };

    /// <summary>Does something that belongs to a socket's request before it is answered, beneath its span.</summary>
    public static async Task<T> WithinAsync<T>(HttpContext context, Func<Task<T>> action)
    {
        Activity.Current = context.Features.Get<IHttpActivityFeature>()?.Activity;
        return await action();
    }

    private static void EndWhenAnswered(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is null)
        {
            return;
        }

        Activity.Current = null;
        context.Response.OnStarting(
            static state =>
            {
                var context = (HttpContext)state;
                var feature = context.Features.GetRequiredFeature<IHttpActivityFeature>();
                End(feature.Activity, context);

                // The server holds the feature to the request's end, and would end the span once more.
                feature.Activity = null!;
                return Task.CompletedTask;
            },
            context);
    }

    // What OpenTelemetry's instrumentation would have added at the request's end.
    private static void End(Activity span, HttpContext context)
    {
        if (span.IsAllDataRequested)
        {
            var status = context.Response.StatusCode;
            span.SetTag("http.response.status_code", status);
            if ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route)
            {
                span.DisplayName = $"{context.Request.Method} {route}";
                span.SetTag("http.route", route);
            }

            if (status >= StatusCodes.Status500InternalServerError)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }

        span.Stop();
    }
}
