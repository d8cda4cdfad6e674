using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace ReplyX.Messaging.Redis;

/// <summary>
/// The server that takes writes, for those who have a connection of their own to it: which one it is the client library knows, from
/// Sentinel where there is one, and how to speak to it stands in the library's options.
/// </summary>
public sealed class RedisPrimary
{
    private const int DefaultPort = 6379;

    private readonly IConnectionMultiplexer _connection;
    private readonly ConfigurationOptions _options;
    private readonly ChannelSharding _sharding;

    internal RedisPrimary(IConnectionMultiplexer connection, ConfigurationOptions options, ChannelSharding sharding)
    {
        _connection = connection;
        _options = options;
        _sharding = sharding;
    }

    /// <summary>
    /// Whether each channel is published on the servers of its slot alone, so that it has to be listened to there; null as long as no
    /// server was heard of.
    /// </summary>
    public bool? HasShardedChannels => _sharding.IsSharded;

    /// <summary>Whether keys lie on several servers by their slots.</summary>
    public bool IsCluster => Array.Exists(_connection.GetServers(), server => server.ServerType == ServerType.Cluster);

    /// <summary>The servers that take writes, as far as they are known; more than one only in a cluster.</summary>
    public IReadOnlyList<EndPoint> FindAll() =>
        [.. _connection.GetServers().Where(server => !server.IsReplica && server.IsConnected).Select(server => server.EndPoint)];

    /// <summary>The slot of a key or channel in a cluster.</summary>
    /// <param name="key">Its name.</param>
    public int SlotOf(string key) => _connection.HashSlot(key);

    /// <summary>The ACL user; null for the default one.</summary>
    public string? User => _options.User;

    /// <summary>The password; null if Redis asks for none.</summary>
    public string? Password => _options.Password;

    /// <summary>The database that the library uses.</summary>
    public int Database => _options.DefaultDatabase ?? 0;

    /// <summary>Whether Redis is spoken to over TLS.</summary>
    public bool IsEncrypted => _options.Ssl;

    /// <summary>How long a connection may take to come about.</summary>
    public TimeSpan ConnectPatience => TimeSpan.FromMilliseconds(_options.ConnectTimeout);

    /// <summary>How long an answer may take.</summary>
    public TimeSpan AnswerPatience => TimeSpan.FromMilliseconds(_options.AsyncTimeout);

    /// <summary>The server that takes a key's writes now.</summary>
    /// <param name="key">The key; any, where there is no cluster.</param>
    /// <returns>
    /// Its address. Where the library is not connected to it: the address in the options if that can be no other server's, else null. A
    /// Sentinel takes a SUBSCRIBE like any server, and publishes nothing.
    /// </returns>
    public EndPoint? Find(RedisKey key = default) =>
        FindConnected(key) ?? (_options.EndPoints.Count == 1 && string.IsNullOrEmpty(_options.ServiceName) ? Complete(_options.EndPoints[0]) : null);

    /// <summary>The same, but only if the library is connected to it.</summary>
    /// <param name="key">The key.</param>
    public EndPoint? FindConnected(RedisKey key = default)
    {
        try
        {
            return _connection.GetServer(key, flags: CommandFlags.DemandMaster) is { IsConnected: true } server ? server.EndPoint : null;
        }
        catch (Exception exception) when (exception is RedisException or InvalidOperationException)
        {
            // The library finds none.
            return null;
        }
    }

    /// <summary>Makes the socket for an address; it is not connected.</summary>
    /// <param name="endpoint">The address.</param>
    public static Socket CreateSocket(EndPoint endpoint) => endpoint is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>An address as sockets take it: with Redis' port where it has none.</summary>
    /// <param name="endpoint">The address.</param>
    public static EndPoint Complete(EndPoint endpoint) =>
        endpoint is DnsEndPoint { Port: 0 } name ? new DnsEndPoint(name.Host, DefaultPort) : endpoint;

    /// <summary>Begins TLS on a connected socket, as the options say.</summary>
    /// <param name="socket">The socket, which goes with the stream.</param>
    /// <param name="endpoint">Its address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Stream> EncryptAsync(Socket socket, EndPoint endpoint, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = _options.SslHost ?? (endpoint as DnsEndPoint)?.Host ?? (endpoint as IPEndPoint)?.Address.ToString() ?? "",
                    EnabledSslProtocols = _options.SslProtocols ?? SslProtocols.None,
                },
                cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
