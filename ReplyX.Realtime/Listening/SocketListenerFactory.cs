using System.Net;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using ReplyX.Realtime.Upgrades;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Listening;

/// <summary>
/// Listens for the server where loops own their sockets: plain TCP on Linux. Everywhere else, and if it is turned off, the server's own
/// sockets do, and every socket comes through an upgrade of HTTP.
/// </summary>
internal sealed class SocketListenerFactory(
    ConnectionGate gate,
    IServiceProvider services,
    IOptions<ConnectionOptions> connections,
    IOptions<ProxyOptions> proxies,
    IOptions<RealtimeOptions> options,
    IOptions<SocketTransportOptions> transport,
    IConfiguration configuration,
    TimeProvider time,
    ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SocketConnectionContextFactory _contexts = new(
        new SocketConnectionFactoryOptions(), loggers.CreateLogger<SocketConnectionContextFactory>());

    private ListeningLoop? _loop;

    // The server filters hosts by what they are allowed to be; of that the way beside it knows nothing.
    private bool IsFilteringHosts => configuration["AllowedHosts"] is not (null or "" or "*");

    // Of an endpoint's TLS the listener beneath it knows nothing, and would answer in clear what is to be encrypted.
    private bool IsEncrypting =>
        IsHttps(configuration["urls"])
        || configuration["https_ports"] is { Length: > 0 }
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any(endpoint => IsHttps(endpoint["Url"]));

    public bool CanBind(EndPoint endpoint) =>
        OperatingSystem.IsLinux() && endpoint is IPEndPoint && options.Value.DirectUpgrades && !IsFilteringHosts && !IsEncrypting;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException();
        }

        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        try
        {
            socket.NoDelay = true;
            socket.Listen(transport.Value.Backlog);
            gate.LogCapacity();

            // Not before: the server is made before options are checked, and this would look for Redis.
            var handler = services.GetRequiredService<SocketHandler>();
            return ValueTask.FromResult<IConnectionListener>(new SocketListener(
                socket, Loop(), gate, new TrustedProxies(proxies.Value), handler, _contexts, connections.Value, time, loggers.CreateLogger<SocketListener>()));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _loop?.Dispose();
        _contexts.Dispose();
    }

    private static bool IsHttps(string? urls) => urls?.Contains("https://", StringComparison.OrdinalIgnoreCase) == true;

    [SupportedOSPlatform("linux")]
    private ListeningLoop Loop()
    {
        lock (_gate)
        {
            if (_loop is null)
            {
                _loop = new ListeningLoop(time, loggers.CreateLogger<ListeningLoop>());
                _loop.Start();
            }

            return _loop;
        }
    }
}
