using System.Diagnostics;
using System.Text.Json;
using ReplyX.Testing;

// Aspire.Hosting has one of that name as well.
using TempDirectory = ReplyX.Testing.TempDirectory;

namespace ReplyX.Distributed.Tests;

/// <summary>What a deployment is made from.</summary>
[Collection<OneManifest>]
public sealed class ManifestTests(PublishedManifest manifest)
{
    [Theory]
    [InlineData("realtime")]
    [InlineData("api")]
    [InlineData("grafana")]
    public void What_users_reach_has_https_beside_http_and_no_port_of_its_own(string resource)
    {
        foreach (var scheme in (string[])["http", "https"])
        {
            var binding = manifest[resource].GetProperty("bindings").GetProperty(scheme);
            Assert.Equal(scheme, binding.GetProperty("scheme").GetString());
            Assert.True(binding.GetProperty("external").GetBoolean());

            // azd's ingress takes 80 and 443 and refuses any other.
            Assert.False(binding.TryGetProperty("port", out _));
        }
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("prometheus")]
    public void What_users_do_not_reach_is_not_open_to_the_outside(string resource) => Assert.All(
        manifest[resource].GetProperty("bindings").EnumerateObject(), binding => Assert.False(binding.Value.TryGetProperty("external", out _)));

    [Theory]
    [InlineData("api", "Realtime__PublicUrl", "{realtime.bindings.https.url}")]
    [InlineData("realtime", "Origins__ChatHosts__0", "{api.bindings.https.url}")]
    [InlineData("api", "Sites__PublicUrl", "{api.bindings.https.url}")]
    [InlineData("prometheus", "API_URL", "{api.bindings.https.url}")]
    public void Public_addresses_are_those_that_the_ingress_does_not_redirect(string resource, string variable, string expected) =>
        Assert.Equal(expected, manifest.Env(resource)[variable]);

    [Theory]
    [InlineData("realtime")]
    [InlineData("api")]
    public void Services_believe_the_ingress_and_nobody_else_and_are_told_no_port_for_https(string resource)
    {
        var env = manifest.Env(resource);

        Assert.Equal("{ingress-network.value}", Assert.Single(env, variable => variable.Key.StartsWith("Proxies__", StringComparison.Ordinal)).Value);
        Assert.DoesNotContain("ASPNETCORE_FORWARDEDHEADERS_ENABLED", env);
        Assert.DoesNotContain("HTTPS_PORTS", env);
        Assert.Equal($"{{{resource}.bindings.http.targetPort}}", env["HTTP_PORTS"]);
        Assert.Equal("100.100.0.0/16", manifest["ingress-network"].GetProperty("inputs").GetProperty("value").GetProperty("default").GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("realtime")]
    [InlineData("api")]
    public void Scrapes_and_operations_have_a_token_each(string resource)
    {
        Assert.Equal("{metrics-token.value}", manifest.Env(resource)["Metrics__Token"]);
        Assert.Equal("{operations-token.value}", manifest.Env(resource)["Operations__Token"]);
        Assert.DoesNotContain("{operations-token.value}", manifest.Env("prometheus").Values);
    }

    [Fact]
    public void A_deployment_asks_for_its_first_owner()
    {
        var env = manifest.Env("api");

        Assert.Equal(
            ("{account-name.value}", "{owner-login.value}", "{owner-password.value}"),
            (env["Bootstrap__AccountName"], env["Bootstrap__OwnerLogin"], env["Bootstrap__OwnerPassword"]));
        foreach (var (name, isSecret) in ((string, bool)[])[("owner-login", false), ("owner-password", true)])
        {
            var input = manifest[name].GetProperty("inputs").GetProperty("value");
            Assert.False(input.TryGetProperty("default", out _), $"{name} has a default");
            Assert.Equal(isSecret, input.TryGetProperty("secret", out var secret) && secret.GetBoolean());
        }

        Assert.DoesNotContain(manifest.Env("realtime").Keys, name => name.StartsWith("Bootstrap__", StringComparison.Ordinal));
    }

    [Fact]
    public void Redis_keeps_every_write_in_a_volume()
    {
        var redis = manifest["redis"];
        var command = redis.GetProperty("args").EnumerateArray().Last().GetString();

        // Inside the shell's one string: what follows it would go to the shell and be lost.
        Assert.StartsWith("redis-server ", command, StringComparison.Ordinal);
        Assert.Contains("--appendonly yes --appendfsync always --maxmemory-policy noeviction", command, StringComparison.Ordinal);
        Assert.Equal("/data", Volume(redis).GetProperty("target").GetString());
    }

    [Fact]
    public void Prometheus_keeps_its_series_in_a_volume()
    {
        var volume = Volume(manifest["prometheus"]);

        Assert.Equal("/prometheus", volume.GetProperty("target").GetString());
        Assert.False(volume.GetProperty("readOnly").GetBoolean());
    }

    [Fact]
    public void Nothing_of_this_machine_and_nothing_of_development_is_published()
    {
        Assert.All(manifest.All, resource =>
        {
            Assert.False(resource.Value.TryGetProperty("bindMounts", out _), $"{resource.Name} has bind mounts");
            Assert.False(resource.Value.TryGetProperty("error", out _), $"{resource.Name} cannot be published");
        });
        Assert.DoesNotContain(manifest.All, resource => resource.Name == "operator-password");
        foreach (var resource in (string[])["realtime", "api"])
        {
            Assert.DoesNotContain(manifest.Env(resource).Keys, name => name.StartsWith("Demo__", StringComparison.Ordinal) || name.EndsWith("_ENVIRONMENT", StringComparison.Ordinal));
        }
    }

    private static JsonElement Volume(JsonElement resource) => Assert.Single(resource.GetProperty("volumes").EnumerateArray());
}

/// <summary>The tests of one manifest.</summary>
[CollectionDefinition]
public sealed class OneManifest : ICollectionFixture<PublishedManifest>;

/// <summary>The manifest that the AppHost's own process writes, on whichever engine it was built for.</summary>
public sealed class PublishedManifest : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private JsonElement _resources;

    public IEnumerable<JsonProperty> All => _resources.EnumerateObject();

    public JsonElement this[string resource] => _resources.GetProperty(resource);

    public Dictionary<string, string> Env(string resource) =>
        this[resource].GetProperty("env").EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);

    public async ValueTask InitializeAsync()
    {
        var path = _folder.File("manifest.json");
        var (exitCode, output) = await Command.RunAsync(
            new ProcessStartInfo("dotnet", [typeof(Projects.ReplyX_AppHost).Assembly.Location, "--publisher", "manifest", "--output-path", path]),
            TimeSpan.FromMinutes(2));
        Assert.True(exitCode == 0, output);
        _resources = JsonDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).RootElement.GetProperty("resources");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
