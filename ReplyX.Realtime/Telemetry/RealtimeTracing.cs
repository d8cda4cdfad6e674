using System.Diagnostics;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Routes;

namespace ReplyX.Realtime.Telemetry;

/// <summary>The node's spans. docs/adr/0009-tracing.md says which there are.</summary>
internal static class RealtimeTracing
{
    public static readonly ActivitySource Source = new("ReplyX.Realtime");

    /// <summary>
    /// Starts the span of an event's hand-out on this node, the last leg of the trace that its append began; null if that was not
    /// recorded, or nobody takes traces.
    /// </summary>
    /// <param name="entry">The event.</param>
    /// <param name="sockets">How many sockets of this node it is for.</param>
    public static Activity? StartHandOut(in LogEntry entry, int sockets)
    {
        if (!IsTraced(entry) || !ActivityContext.TryParse(entry.TraceParent, null, isRemote: true, out var parent))
        {
            return null;
        }

        // Several are open at once, and nothing that the loop does meanwhile is a part of one of them.
        var current = Activity.Current;
        var span = Source.StartActivity("event hand-out", ActivityKind.Consumer, parent);
        Activity.Current = current;
        span?.SetTag("replyx.seq", entry.Seq);
        span?.SetTag("replyx.sockets", sockets);
        return span;
    }

    /// <summary>Starts the span of a request for a socket that the server does not see, as the server would have made it.</summary>
    public static Activity? StartHandshake(SocketRoute route, string? dialogId, string? traceParent, string? traceState)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(traceParent, traceState, isRemote: true, out var parent);
        var span = Source.StartActivity($"GET {route.Path}", ActivityKind.Server, parent);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("http.request.method", "GET");
            span.SetTag("http.route", route.Path);
            span.SetTag("url.path", route.PathOf(dialogId));
        }

        return span;
    }

    /// <summary>Ends it when the handshake is answered.</summary>
    public static void EndHandshake(Activity? span, int status)
    {
        span?.SetTag("http.response.status_code", status);
        span?.Stop();
    }

    /// <summary>Forgets it: the server makes its own.</summary>
    public static void DropHandshake(Activity? span)
    {
        if (span is not null)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.Stop();
        }
    }

    // Whether its append may have been recorded, and somebody takes traces.
    private static bool IsTraced(in LogEntry entry) => Source.HasListeners() && entry.TraceParent is not null;
}
