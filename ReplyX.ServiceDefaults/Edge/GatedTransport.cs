using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>
/// The server's sockets, limited by the <see cref="ConnectionGate"/>. The check is in the accept loop: a connection middleware runs later, on
/// the thread pool, and a flood would have used up the files before that.
/// </summary>
internal sealed class GatedTransport(SocketTransportFactory sockets, ConnectionGate gate, IOptions<ConnectionOptions> options)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = await sockets.BindAsync(endpoint, cancellationToken);
        gate.LogCapacity();
        return new GatedListener(listener, gate, options.Value.StopGrace);
    }

    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);
}
