using System.Globalization;
using ReplyX.Testing;

namespace ReplyX.Recorder.Cluster;

/// <summary>
/// One process' way to Redis: a proxy of its own before each server. What a cluster tells of its members leads to these, so that the
/// process can be cut off from one of them while all others reach it.
/// </summary>
internal sealed class RedisWay : IAsyncDisposable
{
    private readonly IReadOnlyList<(RedisServer Server, LossyProxy Proxy)> _proxies;
    private readonly List<(string From, string To)> _addresses = [];

    public RedisWay(RecordedRedis redis)
    {
        _proxies = [.. redis.Servers.Select(server =>
            (server, new LossyProxy(server.Port, redis.Cluster is null ? null : () => new AddressChange(_addresses))))];
        _addresses.AddRange(_proxies.Select(way => (way.Server.ConnectionString, Address(way.Proxy))));
    }

    /// <summary>In StackExchange.Redis' format.</summary>
    public string ConnectionString => string.Join(',', _addresses.Select(address => address.To)) + ",abortConnect=false";

    /// <summary>Holds the requests with a marker on the way to every server.</summary>
    /// <param name="marker">What they have in them; empty for all.</param>
    /// <param name="end">Until when.</param>
    public void HoldRequests(string marker, Task end)
    {
        foreach (var (_, proxy) in _proxies)
        {
            proxy.HoldRequests(marker, end);
        }
    }

    /// <summary>Cuts the way to one server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="end">Until when.</param>
    public void Isolate(RedisServer server, Task end) => _proxies.Single(way => way.Server == server).Proxy.Isolate(end);

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, proxy) in _proxies)
        {
            await proxy.DisposeAsync();
        }
    }

    private static string Address(LossyProxy proxy) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{proxy.Port}");
}
