namespace ReplyX.Bench.Peers;

/// <summary>ASP.NET's WebSockets and nothing else.</summary>
internal sealed class WebSocketsPeer : AspNetPeer
{
    public override string Name => "websockets";

    public override string Title => "ASP.NET WebSockets";

    public override string Description => "ASP.NET Core WebSockets, `SendAsync` for each client; what a socket says is sent on as it is";

    protected override async Task StartAsync(RunningPeer running, CancellationToken cancel)
        => running.Protocol = new RelayProtocol(await StartServerAsync(running, cancel, "websockets"));
}
