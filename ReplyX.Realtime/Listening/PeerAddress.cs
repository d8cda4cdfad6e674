using System.Net;
using System.Runtime.InteropServices;

namespace ReplyX.Realtime.Listening;

/// <summary>The address in a <c>sockaddr</c>, as accept(2) gives it.</summary>
internal static class PeerAddress
{
    /// <summary>The length of a <c>sockaddr_in6</c>, the longest that TCP has.</summary>
    public const int MaxBytes = 28;

    // AF_INET and AF_INET6 of Linux.
    private const ushort Ipv4Family = 2;
    private const ushort Ipv6Family = 10;
    private const int Ipv4Offset = 4;
    private const int Ipv4Length = 4;
    private const int Ipv6Offset = 8;
    private const int Ipv6Length = 16;

    /// <summary>Reads it; null if it is of no kind that is known.</summary>
    public static IPAddress? Read(ReadOnlySpan<byte> address)
    {
        if (address.Length >= Ipv4Offset + Ipv4Length && MemoryMarshal.Read<ushort>(address) == Ipv4Family)
        {
            return new IPAddress(address.Slice(Ipv4Offset, Ipv4Length));
        }

        return address.Length >= Ipv6Offset + Ipv6Length && MemoryMarshal.Read<ushort>(address) == Ipv6Family
            ? new IPAddress(address.Slice(Ipv6Offset, Ipv6Length))
            : null;
    }
}
