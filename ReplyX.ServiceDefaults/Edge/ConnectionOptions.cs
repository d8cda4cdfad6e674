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
}
