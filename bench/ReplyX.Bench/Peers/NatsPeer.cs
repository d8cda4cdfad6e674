using System.Diagnostics;
using System.Globalization;
using ReplyX.Bench.Processes;
using ReplyX.Testing;

namespace ReplyX.Bench.Peers;

/// <summary>NATS with its WebSocket listener.</summary>
internal sealed class NatsPeer : Peer
{
    public override string Name => "nats";

    public override string Title => "NATS";

    public override string Description => "nats-server with its WebSocket listener, a subject for each room, no JetStream; a message is a `PUB` on a socket of its room";

    public override string? Missing => MissingTool("nats-server");

    protected override async Task StartAsync(RunningPeer running, CancellationToken cancel)
    {
        var (port, clientPort) = (FreePort.Next(), FreePort.Next());
        var folder = new TempDirectory();
        running.Own(folder);
        var configuration = folder.File("nats.conf");
        await File.WriteAllTextAsync(
            configuration,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                listen: "127.0.0.1:{{clientPort}}"
                websocket { listen: "127.0.0.1:{{port}}", no_tls: true }
                """),
            cancel);
        var start = new ProcessStartInfo("nats-server", ["-c", configuration]);
        var probe = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        running.Add(await ServerProcess.StartAsync(ServerName, start, probe, wantsSuccess: false, cancel));
        running.Protocol = new NatsProtocol(port);
    }
}
