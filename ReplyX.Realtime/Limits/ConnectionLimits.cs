using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using ReplyX.Messaging.Streams;
using ReplyX.Realtime.Connections;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Limits;

/// <summary>
/// Counts the sockets of this node by principal, dialog, address and pool. Principals come first: whoever opens too many is
/// refused for it, before others from the same address or pool are. Visitors leave a share of pool and node to operators, so
/// that no flood of widgets shuts them out.
/// </summary>
internal sealed partial class ConnectionLimits
{
    private const int SlowestCleanUp = 10_000;

    // What sockets leave of the process's connections to probes, scrapes and handshakes.
    private const double ShareOfConnections = 0.9;

    private readonly LimitOptions _options;
    private readonly TimeProvider _time;
    private readonly int _socketsPerNode;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, string Principal), int> _principals = [];
    private readonly Dictionary<StreamKey, int> _dialogs = [];
    private readonly Dictionary<IPAddress, int> _addresses = [];
    private readonly Dictionary<string, int> _pools = [];
    private readonly Dictionary<IPAddress, TokenBucket> _connects = [];
    private int _node;

    public ConnectionLimits(IOptions<LimitOptions> options, ConnectionPlaces places, TimeProvider time, ILogger<ConnectionLimits> logger)
    {
        _options = options.Value;
        _time = time;
        _socketsPerNode = Math.Min(_options.SocketsPerNode, (int)(places.Total * ShareOfConnections));
        if (_socketsPerNode < _options.SocketsPerNode)
        {
            Log.FewerSockets(logger, _options.SocketsPerNode, _socketsPerNode, places.Total, places.Files);
        }
    }

    /// <summary>The most sockets that this node takes.</summary>
    public int MostOnNode => _socketsPerNode;

    /// <summary>The most sockets on this node with which a visitor still gets in.</summary>
    public int MostOnNodeForVisitors => Share(_socketsPerNode, 1 - _options.OperatorReserve);

    /// <summary>The most sockets of one pool with which a visitor still gets in.</summary>
    public int MostInPoolForVisitors => Math.Min(Share(_options.SocketsPerPool, 1 - _options.OperatorReserve), MostOnNodeForVisitors);

    /// <summary>The most sockets of one pool that this node takes.</summary>
    public int MostInPool => Math.Min(_options.SocketsPerPool, _socketsPerNode);

    /// <summary>Counts a try to connect, before anything is known of who tries.</summary>
    public bool TryConnect(IPAddress address)
    {
        lock (_gate)
        {
            ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_connects, address, out var known);
            if (!known)
            {
                bucket = new TokenBucket(_options.ConnectsPerSecond, _options.ConnectBurst);
            }

            var passes = bucket.TryTake(_time);
            if (_connects.Count > SlowestCleanUp)
            {
                EvictIdle();
            }

            return passes;
        }
    }

    /// <summary>Takes a place for a socket.</summary>
    /// <returns><see cref="Limit.None"/>, and the place is to be given back by <see cref="Leave"/>; or the limit that it ran into.</returns>
    public Limit TryEnter(Peer peer, IPAddress address)
    {
        var share = peer.Route.IsForVisitors ? 1 - _options.OperatorReserve : 1;
        lock (_gate)
        {
            var limit =
                _principals.GetValueOrDefault((peer.Stream.Account, peer.Principal)) >= _options.SocketsPerPrincipal ? Limit.Principal
                : !peer.Stream.IsFeed && _dialogs.GetValueOrDefault(peer.Stream) >= _options.SocketsPerDialog ? Limit.Dialog
                : _addresses.GetValueOrDefault(address) >= _options.SocketsPerAddress ? Limit.Address
                : _pools.GetValueOrDefault(peer.Route.Pool) >= Share(_options.SocketsPerPool, share) ? Limit.Pool
                : _node >= Share(_socketsPerNode, share) ? Limit.Node
                : Limit.None;
            if (limit == Limit.None)
            {
                Count(peer, address, 1);
            }

            return limit;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(Peer peer, IPAddress address)
    {
        lock (_gate)
        {
            Count(peer, address, -1);
        }
    }

    private static int Share(int limit, double share) => Math.Max(1, (int)(limit * share));

    private void Count(Peer peer, IPAddress address, int by)
    {
        Add(_principals, (peer.Stream.Account, peer.Principal), by);
        Add(_dialogs, peer.Stream, by);
        Add(_addresses, address, by);
        Add(_pools, peer.Route.Pool, by);
        _node += by;
    }

    private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int by)
        where TKey : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        count += by;
        if (count == 0)
        {
            counts.Remove(key);
        }
    }

    private void EvictIdle()
    {
        foreach (var (address, bucket) in _connects)
        {
            if (bucket.IsFull(_time))
            {
                _connects.Remove(address);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Limits:SocketsPerNode is {Wanted}, but this node takes {Sockets} sockets: it has {Connections} connections, since the process may open {Files} files (ulimit -n)")]
        public static partial void FewerSockets(ILogger logger, int wanted, int sockets, int connections, long? files);
    }
}
