using System.Text.Json;
using ReplyX.LocalHosting.Tests.Support;
using ReplyX.Testing;

namespace ReplyX.LocalHosting.Tests;

/// <summary>The manifest has the shape of Aspire's, and what azd would refuse is refused.</summary>
public sealed class ManifestTests
{
    [Fact]
    public async Task Projects_Parameters_And_Containers_Are_Written_As_Aspire_Writes_Them()
    {
        using var folder = new TempDirectory();
        var resources = await PublishAsync(folder, "--WithContainer=true", "--WithHttps=true", "--External=true");

        var first = resources.GetProperty("first");
        Assert.Equal("project.v0", first.GetProperty("type").GetString());
        Assert.EndsWith("ReplyX.LocalHosting.TestService.csproj", first.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"scheme":"http","protocol":"tcp","transport":"http","external":true}""", Compact(first.GetProperty("bindings").GetProperty("http")));
        Assert.Equal("""{"scheme":"https","protocol":"tcp","transport":"http","external":true}""", Compact(first.GetProperty("bindings").GetProperty("https")));
        Assert.Equal("{first.bindings.http.targetPort}", Env(first, "HTTP_PORTS"));
        Assert.Equal("{first.bindings.https.targetPort}", Env(first, "HTTPS_PORTS"));
        Assert.Equal("true", Env(first, "ASPNETCORE_FORWARDEDHEADERS_ENABLED"));
        Assert.Equal("in_memory", Env(first, "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"));

        var second = resources.GetProperty("second");
        Assert.Equal("{a-secret.value}", Env(second, "A_SECRET"));
        Assert.Equal("{first.bindings.https.url}", Env(second, "services__first__https__0"));

        Assert.Equal(
            """{"type":"parameter.v0","value":"{a-secret.inputs.value}","inputs":{"value":{"type":"string","secret":true,"default":{"generate":{"minLength":24,"special":false}}}}}""",
            Compact(resources.GetProperty("a-secret")));

        var redis = resources.GetProperty("redis");
        Assert.Equal("container.v0", redis.GetProperty("type").GetString());
        Assert.Equal("{redis.bindings.tcp.host}:{redis.bindings.tcp.port},password={redis-password.value}", redis.GetProperty("connectionString").GetString());
        Assert.Equal(["-c", "redis-server --requirepass $REDIS_PASSWORD --save 60 1"], redis.GetProperty("args").EnumerateArray().Select(arg => arg.GetString()));
        Assert.Equal("/data", redis.GetProperty("volumes")[0].GetProperty("target").GetString());
        Assert.True(resources.TryGetProperty("redis-password", out _));
    }

    [Theory]
    [InlineData("--External=true", "--Port:first=5080")]
    [InlineData("--Port:first=5080")]
    public async Task A_Port_That_Azds_Ingress_Does_Not_Take_Is_Refused_With_Its_Words(params string[] args)
    {
        using var folder = new TempDirectory();
        await using var host = HostProcess.Start(["--publisher", "manifest", "--output-path", folder.File("manifest.json"), .. args]);

        Assert.Equal(1, await host.ExitCodeAsync());
        var error = Assert.Single(host.Errors);
        Assert.Contains("azd would refuse the manifest. Resource 'first'", error, StringComparison.Ordinal);
        Assert.Contains("can't be mapped to main ingress because it has port 5080 defined", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("manifest.json")));
    }

    [Fact]
    public async Task Without_A_Path_It_Says_What_Is_Missing()
    {
        await using var host = HostProcess.Start("--publisher", "manifest");

        Assert.Equal(1, await host.ExitCodeAsync());
        Assert.Contains("'--output-path [path]' option was not specified", Assert.Single(host.Errors), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> PublishAsync(TempDirectory folder, params string[] args)
    {
        var path = folder.File("made", "manifest.json");
        await using var host = HostProcess.Start(["--publisher", "manifest", "--output-path", path, .. args]);
        Assert.True(await host.ExitCodeAsync() == 0, host.Everything());
        return JsonDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).RootElement.GetProperty("resources");
    }

    private static string? Env(JsonElement resource, string name) => resource.GetProperty("env").GetProperty(name).GetString();

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
