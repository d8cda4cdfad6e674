using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ReplyX.ServiceDefaults.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData("/health/ready", HttpStatusCode.ServiceUnavailable, """{"status":"unhealthy","checks":{"self":"healthy","broken":"unhealthy"}}""")]
    [InlineData("/health", HttpStatusCode.ServiceUnavailable, """{"status":"unhealthy","checks":{"self":"healthy","broken":"unhealthy"}}""")]
    [InlineData("/alive", HttpStatusCode.OK, """{"status":"healthy","checks":{"self":"healthy"}}""")]
    public async Task Readiness_asks_every_check_and_liveness_only_its_own(string path, HttpStatusCode status, string body)
    {
        await using var service = await TestService.StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("broken", () => HealthCheckResult.Unhealthy("a secret reason")));

        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_version_is_told_to_the_platform_alone()
    {
        const string Token = "a-token-for-scrapes-only";
        await using var service = await TestService.StartAsync(new Dictionary<string, string?> { ["Metrics:Token"] = Token });

        foreach (var path in (string[])["/health", "/health/ready", "/alive"])
        {
            Assert.Null(await VersionAsync(service, path, token: null));
            Assert.Null(await VersionAsync(service, path, "another"));
            Assert.Equal(ServiceVersion.Current, await VersionAsync(service, path, Token));
        }
    }

    private static async Task<string?> VersionAsync(TestService service, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return body.TryGetProperty("version", out var version) ? version.GetString() : null;
    }
}
