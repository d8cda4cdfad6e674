namespace ReplyX.Bench.Peers;

/// <summary>What can be measured, in the order in which a round takes it.</summary>
internal static class AllPeers
{
    public static IReadOnlyList<Peer> All { get; } =
    [
        new SignalRPeer(hasRedis: false),
        new ReplyXPeer(sendsOverHttp: true),
        new ReplyXPeer(sendsOverHttp: false),
        new ReplyXPeer(sendsOverHttp: true, nodes: 4),
        new SignalRPeer(hasRedis: true),
        new WebSocketsPeer(),
        NodePeer.Ws,
        NodePeer.SocketIo,
        new NchanPeer(),
        new NatsPeer(),
    ];
}
