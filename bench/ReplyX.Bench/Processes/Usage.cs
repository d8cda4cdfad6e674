using System.Diagnostics;
using ReplyX.Bench.Peers;

namespace ReplyX.Bench.Processes;

/// <summary>What a peer's processes and the load generator had used of the CPU at a moment.</summary>
internal sealed class Usage
{
    private readonly long _at = Stopwatch.GetTimestamp();
    private readonly double _client = MeasuredProcess.OwnCpuSeconds;
    private readonly Dictionary<string, double> _servers;

    // Processes of one name are several nodes of one service.
    private Usage(RunningPeer peer) => _servers = peer.Processes
        .GroupBy(process => process.Name)
        .ToDictionary(service => service.Key, service => service.Sum(process => process.CpuSeconds));

    public static Usage Take(RunningPeer peer) => new(peer);

    public double SecondsSince(Usage start) => Stopwatch.GetElapsedTime(start._at, _at).TotalSeconds;

    public double ClientCoresSince(Usage start) => (_client - start._client) / SecondsSince(start);

    /// <summary>CPU time since then, in µs an operation, by process.</summary>
    public Dictionary<string, double> MicrosecondsSince(Usage start, long operations)
        => _servers.ToDictionary(server => server.Key, server => (server.Value - start._servers[server.Key]) * 1e6 / operations);
}
