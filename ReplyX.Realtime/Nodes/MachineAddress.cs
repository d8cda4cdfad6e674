using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ReplyX.Realtime.Nodes;

/// <summary>The address at which other machines of the network reach this one.</summary>
internal static class MachineAddress
{
    /// <summary>
    /// The address of the first interface that is up, leads anywhere and is no loopback: one with a gateway before others, IPv4 before IPv6.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    public static IPAddress? Find() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
                && card.NetworkInterfaceType is not (NetworkInterfaceType.Loopback or NetworkInterfaceType.Tunnel))
            .Select(card => card.GetIPProperties())
            .OrderByDescending(card => card.GatewayAddresses.Count > 0)
            .SelectMany(card => card.UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)
            .FirstOrDefault();
}
