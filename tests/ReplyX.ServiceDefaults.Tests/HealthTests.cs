using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

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
}
