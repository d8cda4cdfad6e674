using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>
/// Limits open connections, in total and by address, from the moment they are accepted, before anything is read from them. Connections
/// of trusted proxies count for the total only, because all clients share them.
/// </summary>
internal sealed partial class ConnectionGate
{
    public const string MeterName = "ReplyX.Edge";

    private readonly ConnectionPlaces _places;
    private readonly TrustedProxies _proxies;
    private long _refusedForTotal;
    private long _refusedForAddress;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _addresses = [];
    private readonly ILogger _logger;
    private int _open;
    private int _capacityLogged;

    public ConnectionGate(ConnectionPlaces places, IOptions<ProxyOptions> proxies, IMeterFactory meters, ILogger<ConnectionGate> logger)
    {
        _places = places;
        _proxies = new TrustedProxies(proxies.Value);
        meters.Create(MeterName).CreateObservableCounter(
            "edge_connections_refused", ReadRefused, description: "Connections that were closed when they came, by the limit they ran into.");
        _logger = logger;
    }

    /// <summary>Logs the limits once. It is called when the server listens, because options are not validated earlier.</summary>
    public void LogCapacity()
    {
        if (Interlocked.Exchange(ref _capacityLogged, 1) == 0)
        {
            Log.Places(_logger, _places.Total, _places.PerAddress, _places.Files);
        }
    }

    /// <summary>Takes a place for a connection.</summary>
    /// <param name="remote">The client's address; null if it has none, as on a Unix socket.</param>
    /// <param name="counted">The address that it counts for; null if for none. For <see cref="Release"/>.</param>
    public bool TryAcquire(IPAddress? remote, out IPAddress? counted)
    {
        counted = remote is null || _proxies.Contain(remote) ? null : ClientAddress.Normalize(remote);
        lock (_gate)
        {
            if (_open >= _places.Total)
            {
                // Counted and not logged, so that a flood of connections does not flood the log.
                _refusedForTotal++;
                return false;
            }

            if (counted is not null && _addresses.GetValueOrDefault(counted) >= _places.PerAddress)
            {
                _refusedForAddress++;
                return false;
            }

            Count(counted, 1);
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Release(IPAddress? counted)
    {
        lock (_gate)
        {
            Count(counted, -1);
        }
    }

    // Both from the first scrape on: a rate over a series that begins with its first event never sees that event.
    private IEnumerable<Measurement<long>> ReadRefused()
    {
        lock (_gate)
        {
            return
            [
                new(_refusedForTotal, new KeyValuePair<string, object?>("reason", "total")),
                new(_refusedForAddress, new KeyValuePair<string, object?>("reason", "address")),
            ];
        }
    }

    private void Count(IPAddress? counted, int by)
    {
        _open += by;
        if (counted is null)
        {
            return;
        }

        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_addresses, counted, out _);
        count += by;
        if (count == 0)
        {
            _addresses.Remove(counted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Takes {Total} connections at once, {PerAddress} of them from one address; the process may open {Files} files")]
        public static partial void Places(ILogger logger, int total, int perAddress, long? files);
    }
}
