using System.Net;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.ServiceDefaults.Tests.Edge;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:ffff::9", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::")]
    [InlineData("fe80::1%7", "fe80::")]
    [InlineData(null, "255.255.255.255")]
    public void An_ipv6_network_and_a_mapped_address_count_as_one(string? address, string counted) =>
        Assert.Equal(IPAddress.Parse(counted), ClientAddress.Normalize(address is null ? null : IPAddress.Parse(address)));
}
