using System.Diagnostics;
using System.Globalization;
using ReplyX.Bench.Load;
using ReplyX.Bench.Processes;
using ReplyX.Testing;

namespace ReplyX.Bench.Peers;

/// <summary>One of the servers in bench/peers/node, whose packages are installed when first needed.</summary>
internal sealed class NodePeer(string name, string title, string description, string script, Func<int, PeerProtocol> speak) : Peer
{
    private static readonly TimeSpan _installLimit = TimeSpan.FromMinutes(3);

    public static Peer Ws { get; } = new NodePeer(
        "ws", "ws", "Node.js with ws, one process; what a socket says is sent on as it is", "ws.js", port => new RelayProtocol(port));

    public static Peer SocketIo { get; } = new NodePeer(
        "socket.io", "Socket.IO", "Node.js with Socket.IO over WebSocket alone, one process, its rooms", "socket.io.js", port => new SocketIoProtocol(port));

    public override string Name => name;

    public override string Title => title;

    public override string Description => description;

    public override string? Missing => MissingTool("node") ?? MissingTool("npm");

    protected override async Task StartAsync(RunningPeer running, CancellationToken cancel)
    {
        var folder = BuiltServers.NodePeers;
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            await InstallAsync(folder);
        }

        var port = FreePort.Next();
        var start = new ProcessStartInfo("node", [script, port.ToString(CultureInfo.InvariantCulture)]) { WorkingDirectory = folder };
        start.Environment["NODE_ENV"] = "production";
        var probe = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        running.Add(await ServerProcess.StartAsync(ServerName, start, probe, wantsSuccess: true, cancel));
        running.Protocol = speak(port);
    }

    private static async Task InstallAsync(string folder)
    {
        var (exitCode, output) = await Command.RunAsync(
            new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = folder }, _installLimit);
        if (exitCode != 0)
        {
            throw new BenchException($"npm ci failed: {output}");
        }
    }
}
