using Microsoft.Extensions.Options;
using ReplyX.Messaging.Dialogs;
using ReplyX.Messaging.PubSub;
using ReplyX.Realtime.Admission;
using ReplyX.Realtime.Connections;
using ReplyX.Realtime.Limits;
using ReplyX.Realtime.Nodes;
using ReplyX.Realtime.Telemetry;

namespace ReplyX.Realtime.Delivery;

/// <summary>What every loop, channel and socket of a node shares.</summary>
internal sealed class DeliveryServices(
    DialogLog log,
    Backplane backplane,
    FeedEndpoint feed,
    ConnectionTable connections,
    ConnectionLimits connectionLimits,
    Gatekeeper gatekeeper,
    NodeIdentity node,
    RealtimeMetrics metrics,
    IOptions<RealtimeOptions> options,
    IOptions<LimitOptions> limits,
    IOptions<MessagingOptions> messaging,
    TimeProvider time,
    ILogger<DeliveryLoop> logger)
{
    // After an outage every channel reads at once; so many pages of at most 256 KiB are being read together.
    private const int PagesAtOnce = 64;

    /// <summary>How long a dialog may take from its first socket to where it can be served.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(5);

    public DialogLog Log => log;

    public Backplane Backplane => backplane;

    public FeedEndpoint Feed => feed;

    public ConnectionTable Connections => connections;

    public ConnectionLimits ConnectionLimits => connectionLimits;

    public Gatekeeper Gatekeeper => gatekeeper;

    public NodeIdentity Node => node;

    public RealtimeMetrics Metrics => metrics;

    public RealtimeOptions Options { get; } = options.Value;

    public LimitOptions Limits { get; } = limits.Value;

    public MessagingOptions Messaging { get; } = messaging.Value;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>What waits in the node for sockets that do not take it.</summary>
    public SendBudget Budget { get; } = new(options.Value.MaxBacklogBytes);

    /// <summary>Guards the reading of pages.</summary>
    public SemaphoreSlim Pages { get; } = new(PagesAtOnce);
}
