using System.Net;
using System.Net.Sockets;

namespace ReplyX.Api.Limits;

internal static class ClientAddress
{
    private const int Ipv6NetworkBytes = 8;

    /// <summary>
    /// What counts as one address: an IPv4 address, or an IPv6 /64, which is what one subscriber gets and can vary at will.
    /// </summary>
    public static string Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, Ipv6NetworkBytes))
            : address.ToString();
    }
}
