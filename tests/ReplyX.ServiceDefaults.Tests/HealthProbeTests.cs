using Microsoft.Extensions.Configuration;
using ReplyX.ServiceDefaults.Health;
using ReplyX.Testing;

namespace ReplyX.ServiceDefaults.Tests;

/// <summary>The health check of a container, which is the service itself with <c>--health</c>.</summary>
public sealed class HealthProbeTests
{
    [Theory]
    [InlineData("http://172.30.230.16:8080", null, "http://172.30.230.16:8080/")]
    [InlineData("http://+:8080", "9090", "http://127.0.0.1:8080/")]
    [InlineData("https://*:8443;http://0.0.0.0:8080", null, "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080/", null, "http://127.0.0.1:8080/")]
    [InlineData(null, "8081;8082", "http://127.0.0.1:8081/")]
    [InlineData(null, null, "http://localhost:5000/")]
    public void It_asks_where_the_service_listens(string? urls, string? ports, string expected) =>
        Assert.Equal(expected, HealthProbe.AddressOf(Configure(urls, ports)).ToString());

    [Fact]
    public async Task What_answers_is_well_and_what_does_not_is_not()
    {
        Assert.True(HealthProbe.IsAskedFor(["--health"]));
        Assert.False(HealthProbe.IsAskedFor(["--urls", "--health"]));
        await using var service = await TestService.StartAsync();
        var there = Configure(service.Client.BaseAddress!.ToString(), null);

        Assert.Equal(0, await HealthProbe.RunAsync(["--health"], there));
        Assert.Equal(0, await HealthProbe.RunAsync(["--health", "/health/ready"], there));
        Assert.Equal(1, await HealthProbe.RunAsync(["--health", "/missing"], there));
        Assert.Equal(1, await HealthProbe.RunAsync(["--health"], Configure($"http://127.0.0.1:{FreePort.Next()}", null)));
    }

    private static IConfiguration Configure(string? urls, string? ports) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = urls, ["http_ports"] = ports })
        .Build();
}
