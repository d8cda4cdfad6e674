using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Health;
using ReplyX.ServiceDefaults.Hosting;
using ReplyX.ServiceDefaults.PlatformAccess;
using ReplyX.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the platform has in common.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds settings from files of <c>/run/secrets</c>, telemetry, health checks, service discovery, resilient HTTP clients and the metrics token.
    /// The service's own meters and activity sources are taken in if their names start with <c>ReplyX.</c>.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        // First: the others read settings.
        builder.AddSecretFiles();
        builder.AddTelemetry();
        builder.Services.AddReplyXHealthChecks();

        foreach (var token in (string[])[PlatformTokenOptions.Metrics, PlatformTokenOptions.Operations])
        {
            builder.Services.AddOptions<PlatformTokenOptions>(token).BindConfiguration(token).ValidateOnStart();
        }

        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PlatformTokenOptions>, PlatformTokenOptionsValidator>());

        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>
    /// Maps <c>/health/ready</c> (every check; <c>/health</c> is the same), <c>/alive</c> (checks tagged <c>live</c>)
    /// and <c>/metrics</c>, which asks for the metrics token.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        // They are there from the first scrape on.
        app.Services.GetRequiredService<ProcessMetrics>();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").RequireMetricsToken().DisableRateLimiting();
        return app;
    }
}
