using System.Net.Http.Json;
using Aspire.Hosting.Testing;
using ReplyX.LocalHosting.Tests.Support;

namespace ReplyX.LocalHosting.Tests;

/// <summary>What a resource is given, in the names that Aspire gives it.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task A_Project_Is_Given_Addresses_Connection_Strings_And_Telemetry_Names_As_Aspire_Sets_Them()
    {
        await using var app = await Host.StartAsync();
        using var client = app.CreateHttpClient("second");
        var environment = await client.GetFromJsonAsync<Dictionary<string, string>>("/environment", TestContext.Current.CancellationToken);
        var arguments = await client.GetFromJsonAsync<string[]>("/arguments", TestContext.Current.CancellationToken);

        var first = app.GetEndpoint("first").ToString().TrimEnd('/');
        Assert.Equal(first, environment!["services__first__http__0"]);
        Assert.Equal(first, environment["FIRST_HTTP"]);
        Assert.Equal(await app.GetConnectionStringAsync("my-store", TestContext.Current.CancellationToken), environment["ConnectionStrings__my-store"]);
        Assert.Equal($"{app.GetEndpoint("my-store", "tcp").Authority},ssl=false", environment["ConnectionStrings__my-store"]);
        Assert.Equal($"{app.GetEndpoint("my-store", "tcp").Port}", environment["MY_STORE_PORT"]);
        Assert.Equal("second", environment["OTEL_SERVICE_NAME"]);
        Assert.Matches("^service.instance.id=second-[12]$", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.DoesNotContain(environment, variable => variable.Key.StartsWith("ASPIRE_", StringComparison.Ordinal));

        // Its own port, which is not the one that it is reached by.
        var own = new Uri(environment["ASPNETCORE_URLS"]);
        Assert.NotEqual(app.GetEndpoint("second").Port, own.Port);
        Assert.Equal(["--target", $"{own.Port}"], arguments!);

        using var other = app.CreateHttpClient("first");
        environment = await other.GetFromJsonAsync<Dictionary<string, string>>("/environment", TestContext.Current.CancellationToken);
        Assert.Equal(app.GetEndpoint("second").ToString().TrimEnd('/'), environment!["SECOND"]);
        Assert.Equal(first, environment["ASPNETCORE_URLS"]);
    }

    [Fact]
    public async Task A_Resource_Starts_Only_Once_What_It_Waits_For_Is_Healthy()
    {
        await using var app = await Host.StartAsync("--Env:first:TEST_UNREADY_SECONDS=1.5");
        using var client = app.CreateHttpClient("second");

        Assert.Equal("true", await client.GetStringAsync("/first-was-ready", TestContext.Current.CancellationToken));
    }
}
