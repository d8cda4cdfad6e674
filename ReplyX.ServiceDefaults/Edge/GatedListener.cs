using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>Accepts connections that the gate has a place for, and closes the others at once.</summary>
internal sealed class GatedListener(IConnectionListener inner, ConnectionGate gate, TimeSpan stopGrace) : IConnectionListener
{
    private readonly GatedConnections _connections = new(gate, stopGrace);

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await inner.AcceptAsync(cancellationToken) is { } connection)
        {
            if (gate.TryAcquire((connection.RemoteEndPoint as IPEndPoint)?.Address, out var counted))
            {
                return _connections.Add(connection, counted);
            }

            // To the end, before the next one is accepted: its file must be free again.
            connection.Abort(new ConnectionAbortedException("There is no place for it."));
            await connection.DisposeAsync();
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await inner.UnbindAsync(cancellationToken);
        _ = _connections.CutAfterGraceAsync();
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
