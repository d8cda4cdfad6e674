using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>
/// Accepts connections as far as the gate allows, and closes the others at once. After it has stopped listening it waits for the grace
/// time and then aborts what is left: the server's own timeouts no longer apply while it stops, so that one unfinished request would
/// delay the stop as long as the host allows.
/// </summary>
internal sealed class GatedListener(IConnectionListener inner, ConnectionGate gate, TimeSpan stopGrace) : IConnectionListener
{
    private readonly ConcurrentDictionary<GatedConnection, bool> _open = new();

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await inner.AcceptAsync(cancellationToken) is { } connection)
        {
            if (gate.TryAcquire((connection.RemoteEndPoint as IPEndPoint)?.Address, out var counted))
            {
                var gated = new GatedConnection(connection, ended =>
                {
                    _open.TryRemove(ended, out _);
                    gate.Release(counted);
                });
                _open[gated] = true;
                return gated;
            }

            // Disposed of before the next connection is accepted, so that its file is free again.
            connection.Abort(new ConnectionAbortedException("There is no place for it."));
            await connection.DisposeAsync();
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await inner.UnbindAsync(cancellationToken);
        _ = AbortOpenAsync();
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task AbortOpenAsync()
    {
        await Task.Delay(stopGrace);
        foreach (var connection in _open.Keys)
        {
            connection.Abort(new ConnectionAbortedException("The service stops."));
        }
    }
}
