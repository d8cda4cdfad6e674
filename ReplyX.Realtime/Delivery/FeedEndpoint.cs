using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ReplyX.Realtime.Transport;
using StackExchange.Redis;

namespace ReplyX.Realtime.Delivery;

/// <summary>Where the loops' feeds connect to: the server that the client library has found to be the primary, as its options say.</summary>
/// <param name="connection">The client library's connection.</param>
/// <param name="options">Its options.</param>
internal sealed class FeedEndpoint(IConnectionMultiplexer connection, ConfigurationOptions options)
{
    private const int DefaultPort = 6379;

    /// <summary>The ACL user; null for the default one.</summary>
    public string? User => options.User;

    /// <summary>The password; null if Redis asks for none.</summary>
    public string? Password => options.Password;

    /// <summary>Connects.</summary>
    /// <exception cref="IOException">It did not come about, or not in time.</exception>
    public async Task<ByteTransport> ConnectAsync(EventLoop loop)
    {
        var endpoint = Primary();
        var patience = TimeSpan.FromMilliseconds(options.ConnectTimeout);
        try
        {
            var socket = await ConnectAsync(endpoint, patience);
            return options.Ssl
                ? new StreamTransport(loop, await EncryptAsync(socket, endpoint, patience))
                : ByteTransport.Of(loop, socket);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException or OperationCanceledException)
        {
            throw new IOException($"{endpoint}: {exception.Message}", exception);
        }
    }

    private EndPoint Primary() =>
        connection.GetServers().FirstOrDefault(server => server is { IsConnected: true, IsReplica: false })?.EndPoint
        ?? options.EndPoints.FirstOrDefault()
        ?? new DnsEndPoint("localhost", DefaultPort);

    // Not asynchronously: a descriptor that .NET's own engine has once watched cannot be given to a loop.
    private static async Task<Socket> ConnectAsync(EndPoint endpoint, TimeSpan patience)
    {
        var socket = endpoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var timeout = new CancellationTokenSource(patience);
            await using var registration = timeout.Token.Register(socket.Dispose);
            await Task.Factory.StartNew(
                () => Connect(socket, endpoint), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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
            socket.Connect(name.Host, name.Port == 0 ? DefaultPort : name.Port);
        }
        else
        {
            socket.Connect(endpoint);
        }
    }

    private async Task<Stream> EncryptAsync(Socket socket, EndPoint endpoint, TimeSpan patience)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            using var timeout = new CancellationTokenSource(patience);
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = options.SslHost ?? (endpoint as DnsEndPoint)?.Host ?? (endpoint as IPEndPoint)?.Address.ToString() ?? "",
                    EnabledSslProtocols = options.SslProtocols ?? System.Security.Authentication.SslProtocols.None,
                },
                timeout.Token);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
