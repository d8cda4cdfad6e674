using System.Net;
using System.Net.Sockets;

namespace ReplyX.Api.Assistant.Clients;

/// <summary>
/// Whether an address is one of the public Internet, by IANA's registries of special-purpose addresses (RFC 6890). Whatever is not
/// known to be public is not.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] _special =
    [
        .. (
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 "
            + "192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "

            // Azure's metadata and DNS, which is at a public address.
            + "168.63.129.16/32 "
            + "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20").Split(' ').Select(IPNetwork.Parse),
    ];

    // The only part of IPv6 that is assigned to the Internet. Loopback, link-local, site-local, unique local and multicast lie outside.
    private static readonly IPNetwork _globalUnicast = IPNetwork.Parse("2000::/3");

    // NAT64 (RFC 6052): the last four bytes are the IPv4 address that is reached.
    private static readonly IPNetwork _translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (_translated.Contains(address))
        {
            return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        }

        return (address.AddressFamily == AddressFamily.InterNetwork || _globalUnicast.Contains(address))
            && !Array.Exists(_special, network => network.Contains(address));
    }
}
