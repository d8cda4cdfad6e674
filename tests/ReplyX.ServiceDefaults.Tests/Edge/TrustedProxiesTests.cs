using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Edge;

namespace ReplyX.ServiceDefaults.Tests.Edge;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("", "192.0.2.7", "http 127.0.0.1")]
    [InlineData("10.0.0.0/8", "192.0.2.7", "http 127.0.0.1")]
    [InlineData("127.0.0.0/8", "192.0.2.7", "https 192.0.2.7")]
    [InlineData("127.0.0.0/8", "203.0.113.1, 192.0.2.7", "https 192.0.2.7")]
    [InlineData("127.0.0.0/8 10.0.0.0/8", "203.0.113.1, 192.0.2.7, 10.1.1.1", "https 192.0.2.7")]
    [InlineData("127.0.0.0/8", "2001:db8:1:2::77", "https 2001:db8:1:2::")]
    public async Task Only_what_a_trusted_proxy_says_is_believed_and_of_a_chain_the_first_who_is_not_one(
        string trusted, string forwardedFor, string seen)
    {
        await using var service = await StartAsync(trusted);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(seen, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("203.0.113.1, 192.0.2.7")]
    [InlineData("203.0.113.1, 10.1.1.1")]
    [InlineData("192.0.2.7:4711, 10.1.1.1:80")]
    [InlineData("[2001:db8:1:2::77]:443, 10.1.1.1")]
    [InlineData("2001:db8:1:2::77")]
    [InlineData("::ffff:192.0.2.7")]
    [InlineData("\"192.0.2.7\"")]
    [InlineData("\"192.0.2.7, 10.1.1.1\"")]
    [InlineData("192.0.2.7, , 10.1.1.1")]
    [InlineData("192.0.2.7, unknown")]
    [InlineData("unknown, 10.1.1.1")]
    [InlineData("_hidden")]
    [InlineData(",")]
    [InlineData("192.0.2.300")]
    public async Task What_does_not_pass_the_server_finds_the_same_client(string forwardedFor)
    {
        const string Trusted = "127.0.0.0/8 10.0.0.0/8";
        await using var service = await StartAsync(Trusted);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        Assert.True(request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor));
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var seen = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var options = new ProxyOptions();
        foreach (var network in Trusted.Split(' '))
        {
            options.Trusted.Add(network);
        }

        Assert.Equal(seen, $"http {new TrustedProxies(options).ClientOf(IPAddress.Loopback, forwardedFor)}");
    }

    [Theory]
    [InlineData("everybody")]
    [InlineData("10.0.0.0/33")]
    public async Task What_is_no_network_stops_the_start(string trusted) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(trusted));

    private static Task<TestService> StartAsync(string trusted) => TestService.StartAsync(
        trusted.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Index()
            .ToDictionary(network => $"Proxies:Trusted:{network.Index}", network => (string?)network.Item),
        builder => builder.AddTrustedProxies(),
        app =>
        {
            app.UseTrustedProxies();
            app.MapGet("/who", (HttpContext context) => $"{context.Request.Scheme} {ClientAddress.Of(context)}");
        });
}
