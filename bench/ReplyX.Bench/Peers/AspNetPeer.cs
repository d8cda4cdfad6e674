using System.Globalization;
using ReplyX.Bench.Processes;
using ReplyX.Testing;

namespace ReplyX.Bench.Peers;

/// <summary>One of the servers of ReplyX.Bench.AspNetPeers.</summary>
internal abstract class AspNetPeer : Peer
{
    /// <summary>Starts the server.</summary>
    /// <returns>Its port.</returns>
    protected static async Task<int> StartServerAsync(RunningPeer running, CancellationToken cancel, params IEnumerable<string> arguments)
    {
        var port = FreePort.Next();
        var environment = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Production" };
        var start = BuiltServers.Start(BuiltServers.AspNetPeers, port, environment, arguments);
        var probe = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/alive"));
        running.Add(await ServerProcess.StartAsync(ServerName, start, probe, wantsSuccess: true, cancel));
        return port;
    }
}
