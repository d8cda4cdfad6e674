using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>
/// Whether channels lie in slots as keys do, so that what is published reaches the servers of one slot instead of all of a cluster
/// (SPUBLISH and SSUBSCRIBE, https://redis.io/docs/latest/develop/pubsub/#sharded-pubsub). They do on a cluster from Redis 7 on.
/// </summary>
internal sealed class ChannelSharding(IConnectionMultiplexer connection)
{
    private static readonly Version _since = new(7, 0);

    private bool? _isSharded;

    /// <summary>Whether they do; null as long as no server was heard of. Once known it stays: who publishes and who listens must agree.</summary>
    public bool? IsSharded => _isSharded ??= Find();

    private bool? Find()
    {
        var servers = connection.GetServers();
        return !Array.Exists(servers, server => server.IsConnected)
            ? null
            : Array.Exists(servers, server => server.ServerType == ServerType.Cluster)
                && Array.TrueForAll(servers, server => !server.IsConnected || server.Version >= _since);
    }
}
