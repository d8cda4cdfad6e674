using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>Accepts connections that the gate has a place for, and closes the others at once.</summary>
internal sealed class GatedListener(IConnectionListener inner, ConnectionGate gate) : IConnectionListener
{
    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await inner.AcceptAsync(cancellationToken) is { } connection)
        {
            if (gate.TryEnter((connection.RemoteEndPoint as IPEndPoint)?.Address, out var counted))
            {
                return new GatedConnection(connection, gate, counted);
            }

            // To the end, before the next one is accepted: its file must be free again.
            connection.Abort(new ConnectionAbortedException("There is no place for it."));
            await connection.DisposeAsync();
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
