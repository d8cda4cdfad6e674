using System.ComponentModel.DataAnnotations;

namespace ReplyX.Realtime;

/// <summary>How sockets are kept. Bound from <c>Realtime</c>. docs/websocket/limits.md has a line for each.</summary>
internal sealed class RealtimeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Realtime";

    /// <summary>
    /// Whether sockets on plain TCP are served without the HTTP server, where the system can (Linux). Default true; otherwise each comes
    /// through an upgrade of HTTP, which costs several times the memory.
    /// </summary>
    public bool DirectUpgrades { get; set; } = true;

    /// <summary>
    /// Whether this node registers itself by its IP address, not by its machine's name: where the names of replicas are in no DNS, as on
    /// Azure Container Apps, the Api would not find it. Default false.
    /// </summary>
    public bool RegisterIPAddress { get; set; }

    /// <summary>How often a client is asked to send <c>__ping__</c>. Default 25 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a client may be silent before its socket is closed with 1001. Default 40 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:20:00")]
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>The longest message a client may send, in bytes; a longer one closes with 1009. Default 64 KiB.</summary>
    [Range(1_024, 1_048_576)]
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>The most frames that may wait for a socket; one more closes it with 4010. Default 1,024.</summary>
    [Range(16, 65_536)]
    public int MaxQueuedFrames { get; set; } = 1_024;

    /// <summary>The most bytes that may wait for a socket; one more frame closes it with 4010. Default 1 MiB.</summary>
    [Range(65_536, 67_108_864)]
    public int MaxQueuedBytes { get; set; } = 1024 * 1024;

    /// <summary>The most bytes that may wait in the node for all its sockets; then those that have stalled longest close with 4010. Default 64 MiB.</summary>
    [Range(1_048_576, 17_179_869_184)]
    public long MaxBacklogBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long a client may take nothing of what waits for it before its socket is closed with 4010. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client has to answer a close before the connection is cut. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long before its token runs out a socket is told so. Default a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TokenExpiryNotice { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Over how long a stopping node spreads the closing of its sockets. Default 20 seconds, a second in development.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainWindow { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a stopping node is to be seen draining, if it has nothing to hand over: a scrape must find it so, or it counts as lost.
    /// Default 6 seconds, none in development.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainNotice { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// How long a stream may be quiet before it is compared with its log, give or take a quarter. Default a minute: the longest
    /// that a lost publish which nothing follows stays unseen.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan PositionCheckInterval { get; set; } = TimeSpan.FromMinutes(1);
}
