using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Nodes;
using ReplyX.Realtime.Streams;
using ReplyX.Realtime.Telemetry;

namespace ReplyX.Realtime.Connections;

/// <summary>What is said on one socket: what it missed, then what it asks.</summary>
internal sealed partial class Session(
    Connection connection,
    EventStream stream,
    string? cursor,
    DialogLog log,
    Backplane backplane,
    Gatekeeper gatekeeper,
    NodeIdentity node,
    RealtimeMetrics metrics,
    RealtimeOptions options,
    MessagingOptions messaging,
    TimeProvider time,
    ILogger logger);
