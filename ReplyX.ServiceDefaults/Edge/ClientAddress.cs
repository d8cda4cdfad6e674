using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace ReplyX.ServiceDefaults.Edge;

/// <summary>The address that limits count a caller under.</summary>
public static class ClientAddress
{
    private const int Ipv6Bytes = 16;
    private const int Ipv6NetworkBytes = 8;

    /// <summary>
    /// The client's address, normalized: the remote end of the connection, or the address that a trusted proxy reports (see
    /// <c>UseTrustedProxies</c>).
    /// </summary>
    /// <param name="context">The request.</param>
    public static IPAddress Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Normalize(context.Connection.RemoteIpAddress);
    }

    /// <summary>
    /// What counts as one address: an IPv4 address, also when mapped into IPv6, or an IPv6 /64, which is what one subscriber gets and may
    /// take any address of.
    /// </summary>
    /// <param name="address">The address; null, as of a connection that has none, is <see cref="IPAddress.None"/>.</param>
    public static IPAddress Normalize(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[Ipv6Bytes];
        address.TryWriteBytes(bytes, out _);
        bytes[Ipv6NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
