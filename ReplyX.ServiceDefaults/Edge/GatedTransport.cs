using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>
/// The server's own sockets behind the <see cref="ConnectionGate"/>. In the loop that accepts, and not in a middleware of
/// connections: those run when the thread pool gets to it, and until then a flood has the files already.
/// </summary>
internal sealed class GatedTransport(SocketTransportFactory sockets, ConnectionGate gate, IOptions<ConnectionOptions> options)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = await sockets.BindAsync(endpoint, cancellationToken);
        gate.Announce();
        return new GatedListener(listener, gate, options.Value.StopGrace);
    }

    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);
}
