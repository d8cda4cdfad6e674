using System.ComponentModel.DataAnnotations;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>How many connections a service takes, and how long one may do nothing. Bound from <c>Connections</c>.</summary>
internal sealed class ConnectionOptions
{
    public const string Section = "Connections";

    /// <summary>The most connections at once. Default: what the process may have open, less what it needs for itself.</summary>
    [Range(16, 10_000_000)]
    public int? Max { get; set; }

    /// <summary>The share of them that one address may have. Default a tenth; all in Development, where everything comes from one.</summary>
    [Range(0.001, 1)]
    public double? AddressShare { get; set; }

    /// <summary>How long a connection may wait between two requests, or for its first. An open socket is none of these. Default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the head of a request may take. Default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RequestHeadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How slowly an answer may be taken, in bytes a second, when more of it waits than the system's own buffers hold; who takes
    /// nothing is cut after what waits, 64 KiB, at this rate and five seconds more. A socket's queue has bounds of its own. Default 1,024.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int LeastAnswerRate { get; set; } = 1_024;

    /// <summary>How long requests may go on when the service stops and listens no more; then they are cut. Default 3 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(3);
}
