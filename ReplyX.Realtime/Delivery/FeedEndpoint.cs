using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using ReplyX.Messaging.Redis;
using ReplyX.Realtime.Transport;

namespace ReplyX.Realtime.Delivery;

/// <summary>Where the loops' feeds connect to: the server that takes writes.</summary>
internal sealed class FeedEndpoint(RedisPrimary primary)
{
    /// <summary>The ACL user; null for the default one.</summary>
    public string? User => primary.User;

    /// <summary>The password; null if Redis asks for none.</summary>
    public string? Password => primary.Password;

    /// <summary>
    /// Whether another server takes the writes by now: one that was failed over from may live on, cut off from the others, and answer
    /// pings while nothing is published there any more.
    /// </summary>
    /// <param name="endpoint">The server that a feed is connected to.</param>
    public bool HasMoved(EndPoint endpoint) => primary.FindConnected() is { } now && !now.Equals(endpoint);

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">It did not come about, or not in time.</exception>
    public async Task<(ByteTransport Transport, EndPoint Endpoint)> ConnectAsync(EventLoop loop)
    {
        var endpoint = primary.Find() ?? throw new IOException("No server is known that takes writes.");
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
