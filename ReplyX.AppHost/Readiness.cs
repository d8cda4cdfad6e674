using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ReplyX.AppHost;

/// <summary>Whether a service is ready and, on the dashboard, why not.</summary>
internal static class Readiness
{
    private const string Path = "/health/ready";

    /// <summary>
    /// Checks a service's readiness, and gives the reason, which an HTTP health check does not: it knows no more than the status. Not for
    /// one with replicas, whose address is that of the proxy, which asks any of them.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithReadiness(this IResourceBuilder<ProjectResource> service)
    {
        var key = $"{service.Resource.Name}_ready";
        var endpoint = service.GetEndpoint("http");
        service.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, _ => new Check(endpoint), HealthStatus.Unhealthy, tags: null));
        return service.WithHealthCheck(key);
    }

    private sealed class Check(EndpointReference endpoint) : IHealthCheck
    {
        // Shared, since a check is made anew each time it runs.
        private static readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(5) };

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var address = await endpoint.GetValueAsync(cancellationToken).ConfigureAwait(false);
                using var answer = await _http.GetAsync(new Uri($"{address}{Path}"), cancellationToken).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                {
                    return HealthCheckResult.Healthy();
                }

                var report = await answer.Content.ReadFromJsonAsync<Report>(cancellationToken).ConfigureAwait(false);
                var bad = (report?.Checks ?? []).Where(check => check.Value != "healthy").Select(check => $"{check.Key} is {check.Value}");
                return HealthCheckResult.Unhealthy(string.Join(", ", bad) is { Length: > 0 } reasons ? reasons : $"It answers {(int)answer.StatusCode}.");
            }
            catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return HealthCheckResult.Unhealthy(e.Message);
            }
        }

        private sealed record Report(string Status, Dictionary<string, string> Checks);
    }
}
