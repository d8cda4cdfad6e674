using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Nodes;
using ReplyX.Realtime.Streams;
using ReplyX.Realtime.Telemetry;

namespace ReplyX.Realtime.Connections;

/// <summary>What every session shares.</summary>
internal sealed class SessionFactory(
    DialogLog log,
    Backplane backplane,
    Gatekeeper gatekeeper,
    NodeIdentity node,
    RealtimeMetrics metrics,
    IOptions<RealtimeOptions> options,
    IOptions<MessagingOptions> messaging,
    TimeProvider time,
    ILogger<Session> logger)
{
    public Session Create(Connection connection, EventStream stream, string? cursor) =>
        new(connection, stream, cursor, log, backplane, gatekeeper, node, metrics, options.Value, messaging.Value, time, logger);
}
