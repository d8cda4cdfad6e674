using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>The proxies that are believed, for what does not pass <c>UseTrustedProxies</c>.</summary>
internal sealed class TrustedProxies(ProxyOptions options)
{
    private const string HeaderName = "X-Forwarded-For";

    private readonly IPNetwork[] _networks = [.. options.Trusted.Select(IPNetwork.Parse)];

    /// <summary>Whether an address is a trusted proxy's.</summary>
    public bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_networks, network => network.Contains(plain));
    }

    /// <summary>The client's address, as <c>UseTrustedProxies</c> finds it and <see cref="ClientAddress.Normalize"/> has it.</summary>
    /// <param name="remote">The connection's other end.</param>
    /// <param name="forwardedFor">The values of <c>X-Forwarded-For</c>.</param>
    public IPAddress ClientOf(IPAddress remote, StringValues forwardedFor)
    {
        // The addresses are read from the nearest proxy outwards; the first one that is not trusted is the client.
        if (forwardedFor.Count > 0 && Contain(remote))
        {
            var headers = new HeaderDictionary { [HeaderName] = forwardedFor };
            var named = headers.GetCommaSeparatedValues(HeaderName);
            for (var i = named.Length - 1; i >= 0 && Contain(remote) && IPEndPoint.TryParse(named[i], out var client); i--)
            {
                remote = client.Address;
            }
        }

        return ClientAddress.Normalize(remote);
    }
}
