using ReplyX.Api.Assistant;

namespace ReplyX.Api.Telemetry;

internal static class ApiMetricsExtensions
{
    public static void AddApiMetrics(this IServiceCollection services)
    {
        services.AddSingleton<ApiMetrics>();
        services.AddSingleton<HandoffMetrics>();
        services.AddSingleton<RedisMetrics>();
        services.AddHostedService<RedisWatch>();
    }

    /// <summary>Makes what is counted before the first request, so that it is there from the first scrape on.</summary>
    public static void StartApiMetrics(this WebApplication app)
    {
        app.Services.GetRequiredService<ApiMetrics>();
        app.Services.GetRequiredService<HandoffMetrics>();
        app.Services.GetRequiredService<AssistantMetrics>();
    }
}
