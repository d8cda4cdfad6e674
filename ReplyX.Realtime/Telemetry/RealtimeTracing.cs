using System.Diagnostics;
using ReplyX.Messaging.Streams;

namespace ReplyX.Realtime.Telemetry;

/// <summary>The node's spans. docs/adr/0009-tracing.md says which there are.</summary>
internal static class RealtimeTracing
{
    public static readonly ActivitySource Source = new("ReplyX.Realtime");

    /// <summary>
    /// Starts the span of an event's hand-out on this node, the last leg of the trace that its append began; null if that was not
    /// recorded, or nobody takes traces.
    /// </summary>
    public static Activity? StartHandOut(in LogEntry entry) =>
        Source.HasListeners() && entry.TraceParent is { } append && ActivityContext.TryParse(append, null, isRemote: true, out var parent)
            ? Source.StartActivity("event hand-out", ActivityKind.Consumer, parent)
            : null;
}
