using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>
/// Accepts connections that the gate has a place for, and closes the others at once. When it listens no more it gives what is
/// under way a little time and cuts the rest: the server's own timeouts end with its stop, and one request that its sender never
/// finishes would hold up the stop for as long as the host waits at all.
/// </summary>
internal sealed class GatedListener(IConnectionListener inner, ConnectionGate gate, TimeSpan stopGrace) : IConnectionListener
{
    private readonly ConcurrentDictionary<GatedConnection, bool> _open = new();

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await inner.AcceptAsync(cancellationToken) is { } connection)
        {
            if (gate.TryEnter((connection.RemoteEndPoint as IPEndPoint)?.Address, out var counted))
            {
                var gated = new GatedConnection(connection, ended =>
                {
                    _open.TryRemove(ended, out _);
                    gate.Leave(counted);
                });
                _open[gated] = true;
                return gated;
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
        _ = CutAsync();
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task CutAsync()
    {
        await Task.Delay(stopGrace);
        foreach (var connection in _open.Keys)
        {
            connection.Abort(new ConnectionAbortedException("The service stops."));
        }
    }
}
