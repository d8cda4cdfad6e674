using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>A listener's connections that the server has, each with its place.</summary>
internal sealed class GatedConnections(ConnectionGate gate, TimeSpan stopGrace)
{
    private readonly ConcurrentDictionary<GatedConnection, bool> _open = new();

    /// <summary>Adds one, which gives its place back at its end.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="counted">The address that it counts for, as the gate said.</param>
    public ConnectionContext Add(ConnectionContext connection, IPAddress? counted)
    {
        var gated = new GatedConnection(connection, ended =>
        {
            _open.TryRemove(ended, out _);
            gate.Release(counted);
        });
        _open[gated] = true;
        return gated;
    }

    /// <summary>
    /// Gives what is under way a little time and cuts the rest: the server's own timeouts end with its stop, and one request that its
    /// sender never finishes would hold up the stop for as long as the host waits at all.
    /// </summary>
    public async Task CutAfterGraceAsync()
    {
        await Task.Delay(stopGrace);
        foreach (var connection in _open.Keys)
        {
            connection.Abort(new ConnectionAbortedException("The service stops."));
        }
    }
}
