using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Transport;

namespace ReplyX.Realtime.Delivery;

/// <summary>Where the loops' feeds connect to: the server that takes writes, or in a cluster those that do.</summary>
internal sealed class FeedEndpoint(RedisPrimary primary)
{
    /// <summary>The ACL user; null for the default one.</summary>
    public string? User => primary.User;

    /// <summary>The password; null if Redis asks for none.</summary>
    public string? Password => primary.Password;

    /// <summary>Whether channels are sharded (see <see cref="RedisPrimary.HasShardedChannels"/>); null as long as that is not known.</summary>
    public bool? IsSharded => primary.HasShardedChannels;

    /// <summary>The servers of a cluster that take writes.</summary>
    public IReadOnlyList<EndPoint> FindAll() => primary.FindAll();

    /// <summary>The server that publishes on a channel now; null if none is known, or none is connected.</summary>
    /// <param name="channel">The channel.</param>
    public EndPoint? FindServer(string channel) => primary.FindConnected(channel);

    /// <summary>A channel's slot.</summary>
    /// <param name="channel">The channel.</param>
    public int SlotOf(string channel) => primary.SlotOf(channel);

    /// <summary>
    /// Whether another server takes the writes by now: one that was failed over from may live on, cut off from the others, and answer
    /// pings while nothing is published there any more. In a cluster whose channels are not sharded all of its servers publish everything.
    /// </summary>
    /// <param name="endpoint">The server that a feed is connected to.</param>
    public bool HasMoved(EndPoint endpoint) => !primary.IsCluster && primary.FindConnected() is { } now && !now.Equals(endpoint);

    /// <summary>Connects.</summary>
    /// <param name="loop">Whose connection it is.</param>
    /// <param name="server">The server; null for the one that takes the writes.</param>
    /// <exception cref="IOException">It did not come about, or not in time.</exception>
    public async Task<(ByteTransport Transport, EndPoint Endpoint)> ConnectAsync(EventLoop loop, EndPoint? server)
    {
        var endpoint = server ?? primary.Find() ?? throw new IOException("No server is known that takes writes.");
        try
        {
            var socket = await ConnectSocketAsync(endpoint);
            return (primary.IsEncrypted ? new StreamTransport(loop, await EncryptAsync(socket, endpoint)) : ByteTransport.Of(loop, socket), endpoint);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or AuthenticationException or OperationCanceledException)
        {
            throw new IOException($"{endpoint}: {exception.Message}", exception);
        }
    }

    // Not asynchronously: a descriptor that .NET's own engine has once watched cannot be given to a loop.
    private async Task<Socket> ConnectSocketAsync(EndPoint endpoint)
    {
        var socket = RedisPrimary.CreateSocket(endpoint);
        try
        {
            using var timeout = new CancellationTokenSource(primary.ConnectPatience);
            await using var registration = timeout.Token.Register(socket.Dispose);
            await Task.Factory.StartNew(
                () => Connect(socket, RedisPrimary.Complete(endpoint)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Connect(Socket socket, EndPoint endpoint)
    {
        if (endpoint is DnsEndPoint name)
        {
            socket.Connect(name.Host, name.Port);
        }
        else
        {
            socket.Connect(endpoint);
        }
    }

    private async Task<Stream> EncryptAsync(Socket socket, EndPoint endpoint)
    {
        using var timeout = new CancellationTokenSource(primary.ConnectPatience);
        return await primary.EncryptAsync(socket, endpoint, timeout.Token);
    }
}
