using System.ComponentModel.DataAnnotations;

namespace ReplyX.Realtime.Limits;

/// <summary>How much one node takes. Bound from <c>Limits</c>. docs/websocket/limits.md has a line for each.</summary>
internal sealed class LimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Limits";

    /// <summary>The most sockets on one dialog. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int SocketsPerDialog { get; set; } = 100;

    /// <summary>The most sockets of one guest or operator. Default 50: an operator has one for each open dialog.</summary>
    [Range(1, 1_000_000)]
    public int SocketsPerPrincipal { get; set; } = 50;

    /// <summary>The most sockets from one IPv4 address or IPv6 /64. Default 1,000: many visitors may share an office's.</summary>
    [Range(1, 10_000_000)]
    public int SocketsPerAddress { get; set; } = 1_000;

    /// <summary>The most sockets in one pool. Default 15,000.</summary>
    [Range(1, 10_000_000)]
    public int SocketsPerPool { get; set; } = 15_000;

    /// <summary>The most sockets on this node. Default 15,000: a process has 20,000 files at least, and needs some for itself.</summary>
    [Range(1, 10_000_000)]
    public int SocketsPerNode { get; set; } = 15_000;

    /// <summary>The share of a pool and of the node that visitors leave to operators. Default a tenth.</summary>
    [Range(0, 0.9)]
    public double OperatorReserve { get; set; } = 0.1;

    /// <summary>The most connects a second from one address, sustained. Default 50.</summary>
    [Range(1, 1_000_000)]
    public int ConnectsPerSecond { get; set; } = 50;

    /// <summary>How many connects from one address may come at once. Default 500.</summary>
    [Range(1, 1_000_000)]
    public int ConnectBurst { get; set; } = 500;

    /// <summary>The most messages a second on one socket, sustained; heartbeats count. Default 20.</summary>
    [Range(1, 1_000_000)]
    public int FramesPerSecond { get; set; } = 20;

    /// <summary>How many messages on one socket may come at once. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int FrameBurst { get; set; } = 100;
}
