using System.ComponentModel.DataAnnotations;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>How many connections a service takes, and how long one may do nothing. Bound from <c>Connections</c>.</summary>
internal sealed class ConnectionOptions
{
    public const string Section = "Connections";

    /// <summary>The most connections at once. Default: the number of files that the process may open, less those that it needs itself.</summary>
    [Range(16, 10_000_000)]
    public int? Max { get; set; }

    /// <summary>The share of them that one address may have. Default a tenth; in Development all, since there every client has the same address.</summary>
    [Range(0.001, 1)]
    public double? AddressShare { get; set; }

    /// <summary>How long a connection may be idle before its first request or between two. Open WebSockets are not affected. Default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the head of a request may take. Default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan RequestHeadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The lowest rate, in bytes a second, at which a client may read an answer that the system's buffers do not hold. A client that reads
    /// nothing is disconnected after the time that 64 KiB take at this rate, and five seconds more. WebSockets have limits of their own.
    /// Default 1,024.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int LeastAnswerRate { get; set; } = 1_024;

    /// <summary>How long requests may go on after the service has begun to stop; then their connections are aborted. Default 3 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(3);
}
