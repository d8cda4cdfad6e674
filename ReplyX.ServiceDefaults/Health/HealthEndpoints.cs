using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ReplyX.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    private const string LiveTag = "live";

    public static void AddReplyXHealthChecks(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);

        // Otherwise a failing check logs an error at every probe, even when a node is out of service on purpose. The answer names the check.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical));
    }

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var ready = new HealthCheckOptions { ResponseWriter = WriteAsync };
        endpoints.MapHealthChecks("/health", ready).DisableRateLimiting();
        endpoints.MapHealthChecks("/health/ready", ready).DisableRateLimiting();
        endpoints.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag), ResponseWriter = WriteAsync })
            .DisableRateLimiting();
    }

    // Only the names of the checks, without reasons: the endpoint is open to all, and an exception's text may contain host names.
    // Which version runs is for the platform: a stranger could look up what is wrong with it.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var checks = report.Entries.ToDictionary(entry => entry.Key, entry => Name(entry.Value.Status));
        var version = context.Request.HasPlatformToken() ? ServiceVersion.Current : null;
        return context.Response.WriteAsJsonAsync(new HealthAnswer(Name(report.Status), checks, version), HealthJson.Default.HealthAnswer, cancellationToken: context.RequestAborted);
    }

    private static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
