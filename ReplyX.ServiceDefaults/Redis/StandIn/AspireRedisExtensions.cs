using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Replaces the package Aspire.StackExchange.Redis if no package source has it.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>
    /// Registers an <see cref="IConnectionMultiplexer"/> that connects at start, with a health check. It brings no tracing; see
    /// <see cref="RedisExtensions.AddRedis"/>.
    /// Settings come from <c>Aspire:StackExchange:Redis</c>, then <c>Aspire:StackExchange:Redis:{connectionName}</c>, then
    /// <c>ConnectionStrings:{connectionName}</c>, then the callbacks.
    /// </summary>
    /// <exception cref="InvalidOperationException">At start: there is no connection string.</exception>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var shared = builder.Configuration.GetSection(Section);
        var named = shared.GetSection(connectionName);
        var settings = new StackExchangeRedisSettings();
        shared.Bind(settings);
        named.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) is { Length: > 0 } given ? given : settings.ConnectionString;
        configureSettings?.Invoke(settings);

        IConnectionMultiplexer Connect(IServiceProvider services)
        {
            var options = Options(connectionName, settings.ConnectionString);
            shared.GetSection("ConfigurationOptions").Bind(options);
            named.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
            options.LoggerFactory ??= services.GetService<ILoggerFactory>();
            return ConnectionMultiplexer.Connect(options);
        }

        builder.Services.AddSingleton(Connect);
        if (!settings.DisableAutoActivation)
        {
            builder.Services.ActivateSingleton<IConnectionMultiplexer>();
        }

        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().AddRedis(services => services.GetRequiredService<IConnectionMultiplexer>(), "StackExchange.Redis");
        }
    }

    private static ConfigurationOptions Options(string connectionName, string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new InvalidOperationException($"ConnectionStrings:{connectionName} is missing, and {Section}:ConnectionString too.");
        }

        var options = ConfigurationOptions.Parse(connectionString);

        // A service may start before its Redis. It is not ready then, and connects as soon as it can.
        options.AbortOnConnectFail = false;
        return options;
    }
}
