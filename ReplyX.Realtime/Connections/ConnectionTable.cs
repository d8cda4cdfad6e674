using System.Collections.Concurrent;
using ReplyX.Messaging.Nodes;
using ReplyX.Realtime.Telemetry;

namespace ReplyX.Realtime.Connections;

/// <summary>Every open socket of this node.</summary>
internal sealed class ConnectionTable(RealtimeMetrics metrics)
{
    private readonly ConcurrentDictionary<ulong, SocketConnection> _connections = [];

    public IReadOnlyDictionary<string, PoolCounts> Pools { get; } =
        new[] { NodeRegistry.AdminPool, NodeRegistry.SitePool }.ToDictionary(name => name, name => new PoolCounts(name));

    public int Count => Pools.Values.Sum(pool => pool.Connections);

    public IEnumerable<SocketConnection> All => _connections.Values;

    public void Add(SocketConnection connection)
    {
        _connections[connection.Id] = connection;
        Pools[connection.Peer.Route.Pool].Add(connection.Peer.Stream);
        metrics.Connected(connection.Peer.Route.Kind);
    }

    public void Remove(SocketConnection connection)
    {
        if (_connections.TryRemove(connection.Id, out _))
        {
            Pools[connection.Peer.Route.Pool].Remove(connection.Peer.Stream);
            metrics.Disconnected(connection.Peer.Route.Kind, connection.CloseCode);
        }
    }
}
