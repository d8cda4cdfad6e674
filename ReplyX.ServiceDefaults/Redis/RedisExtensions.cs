using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ReplyX.ServiceDefaults.Redis;
using ReplyX.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>The Redis of a service.</summary>
public static class RedisExtensions
{
    /// <summary>
    /// Registers an <see cref="IConnectionMultiplexer"/> by <c>AddRedisClient</c> and the options it is made with, adds a health check, and
    /// traces its commands as children of the current span. Aspire's own instrumentation is not used: it also makes a trace of every command
    /// outside of a span, which would be several a second for a node's lease alone.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">The connection string's name.</param>
    /// <param name="configureOptions">Sets what the connection string does not.</param>
    public static void AddRedis(
        this IHostApplicationBuilder builder, string connectionName, Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Checked here, where it can be reported in one line: the client library would throw only at the first use.
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(connectionName))
            && string.IsNullOrWhiteSpace(builder.Configuration["Aspire:StackExchange:Redis:ConnectionString"])
            && string.IsNullOrWhiteSpace(builder.Configuration[$"Aspire:StackExchange:Redis:{connectionName}:ConnectionString"]))
        {
            throw new OptionsValidationException(
                $"ConnectionStrings:{connectionName}", typeof(string), [$"ConnectionStrings:{connectionName} is missing: where Redis is, such as localhost:6379."]);
        }

        var isTraced = builder.Configuration.HasExporter();
        var isChecked = true;
        ConfigurationOptions? used = null;
        builder.AddRedisClient(
            connectionName,
            settings =>
            {
                isTraced &= !settings.DisableTracing;
                settings.DisableTracing = true;

                // Its own check asks every server: with one replica away, or the old primary after a failover, no service would be ready.
                isChecked = !settings.DisableHealthChecks;
                settings.DisableHealthChecks = true;
            },
            options =>
            {
                configureOptions?.Invoke(options);
                used = options;
            });
        builder.Services.AddSingleton(services =>
        {
            services.GetRequiredService<IConnectionMultiplexer>();
            return used ?? throw new InvalidOperationException("The client was made without options.");
        });
        if (isChecked)
        {
            builder.Services.AddHealthChecks().AddCheck<RedisCheck>(RedisCheck.Name);
        }

        if (isTraced)
        {
            builder.Services.AddHostedService<RedisTracing>();
        }
    }
}
