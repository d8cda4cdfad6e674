using System.Net;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.Realtime.Listening;

/// <summary>Whom a request comes from when it came through proxies: the same answer as <c>UseTrustedProxies</c> gives.</summary>
internal sealed class ProxyTrust(ProxyOptions options)
{
    private readonly IPNetwork[] _trusted = [.. options.Trusted.Select(IPNetwork.Parse)];

    /// <summary>The client's address.</summary>
    /// <param name="remote">The connection's other end.</param>
    /// <param name="forwardedFor">The values of <c>X-Forwarded-For</c>, in order.</param>
    public IPAddress ClientOf(IPAddress remote, IReadOnlyList<string> forwardedFor)
    {
        // From the nearest proxy outwards as long as they are trusted; the first that is not is the client.
        var named = forwardedFor.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
        for (var i = named.Length - 1; i >= 0 && IsTrusted(remote); i--)
        {
            if (!IPEndPoint.TryParse(named[i], out var client))
            {
                break;
            }

            remote = client.Address;
        }

        return ClientAddress.Normalize(remote);
    }

    private bool IsTrusted(IPAddress remote)
    {
        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        return Array.Exists(_trusted, network => network.Contains(address));
    }
}
