using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Edge;
using ReplyX.Testing;

namespace ReplyX.ServiceDefaults.Tests.Edge;

public sealed class ConnectionGateTests
{
    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")]
    public async Task One_address_has_its_share_and_no_more(string address, string same, string other)
    {
        await using var service = await StartAsync(("Connections:Max", "40"), ("Connections:AddressShare", "0.25"));
        var gate = service.Services.GetRequiredService<ConnectionGate>();
        IPAddress? counted = null;
        for (var i = 0; i < 10; i++)
        {
            Assert.True(gate.TryAcquire(IPAddress.Parse(i % 2 == 0 ? address : same), out counted));
        }

        Assert.False(gate.TryAcquire(IPAddress.Parse(address), out _));
        Assert.False(gate.TryAcquire(IPAddress.Parse(same), out _));
        Assert.True(gate.TryAcquire(IPAddress.Parse(other), out _));
        gate.Release(counted);
        Assert.True(gate.TryAcquire(IPAddress.Parse(same), out _));
    }

    [Fact]
    public async Task A_trusted_proxy_has_the_whole_and_no_more()
    {
        await using var service = await StartAsync(
            ("Connections:Max", "40"), ("Connections:AddressShare", "0.25"), ("Proxies:Trusted:0", "10.0.0.0/8"));
        var gate = service.Services.GetRequiredService<ConnectionGate>();
        for (var i = 0; i < 40; i++)
        {
            Assert.True(gate.TryAcquire(IPAddress.Parse("::ffff:10.1.1.1"), out _));
        }

        Assert.False(gate.TryAcquire(IPAddress.Parse("10.1.1.1"), out _));
    }

    [Theory]
    [InlineData("Development", 200)]
    [InlineData("Production", 20)]
    public async Task In_development_everything_comes_from_one_address(string environment, int share)
    {
        await using var service = await StartAsync(environment, ("Connections:Max", "200"), ("Metrics:Token", "a-token-for-scrapes-only"));

        Assert.Equal(share, service.Services.GetRequiredService<ConnectionPlaces>().PerAddress);
    }

    [Theory]
    [InlineData("Connections:Max", "15")]
    [InlineData("Connections:Max", "9000000")]
    [InlineData("Connections:AddressShare", "0")]
    [InlineData("Connections:AddressShare", "2")]
    [InlineData("Connections:IdleTimeout", "00:00:00")]
    [InlineData("Connections:RequestHeadTimeout", "01:00:00")]
    [InlineData("Connections:LeastAnswerRate", "0")]
    [InlineData("Connections:StopGrace", "01:00:01")]
    public async Task An_option_that_cannot_work_stops_the_start(string name, string value) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((name, value)));

    [Fact]
    public async Task Who_takes_no_answers_is_cut()
    {
        await using var service = await StartAsync(("Connections:LeastAnswerRate", "1000000000"));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, service.Client.BaseAddress!.Port);
        var requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n", 1_000)));

        // The answers fill the buffers of both sides, then the requests do; at last the connection is reset.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                await socket.SendAsync(requests, TestTimeout.Token());
            }
        });
    }

    private static Task<TestService> StartAsync(params (string Name, string Value)[] settings) => StartAsync("Development", settings);

    private static Task<TestService> StartAsync(string environment, params (string Name, string Value)[] settings) => TestService.StartAsync(
        settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value),
        builder =>
        {
            builder.AddTrustedProxies();
            builder.AddConnectionGate();
        },
        environment: environment);
}
