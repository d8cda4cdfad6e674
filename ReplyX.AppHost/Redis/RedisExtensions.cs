using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ReplyX.AppHost.Redis;

internal static class RedisExtensions
{
    /// <summary>
    /// Every acknowledged write survives the loss of the process, and nothing is evicted to free memory: an append that cannot be kept has to
    /// fail. docs/adr/0001-two-engines.md explains the choice between container, redis-server and Garnet.
    /// </summary>
    private static readonly string[] _durable = ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"];

    /// <summary>Adds Redis: a container, else <c>redis-server</c> from PATH, else the embedded stand-in.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddDurableRedis(this IDistributedApplicationBuilder builder, string name) =>
        builder.UsesContainers() ? AddContainer(builder, name)
        : ExecutablePath.Find("redis-server") is { } server && !UsesEmbedded(builder) ? AddServer(builder, name, server)
        : AddEmbedded(builder, name);

    // For tests of the stand-in on machines that have redis-server.
    private static bool UsesEmbedded(IDistributedApplicationBuilder builder) => builder.Configuration["Redis"] == "embedded";

    private static IResourceBuilder<IResourceWithConnectionString> AddContainer(IDistributedApplicationBuilder builder, string name)
    {
        var redis = builder.AddRedis(name).WithArgs(context =>
        {
            if (context.ExecutionContext.IsPublishMode)
            {
                // When published, Aspire runs `sh -c "redis-server …"`: separate arguments would go to the shell and be lost.
                context.Args[^1] = $"{context.Args[^1]} {string.Join(' ', _durable)}";
                return;
            }

            foreach (var flag in _durable)
            {
                context.Args.Add(flag);
            }
        });
        return builder.UsesTemporaryData() ? redis : redis.WithDataVolume(Volumes.Name(redis));
    }

    private static IResourceBuilder<RedisServerResource> AddServer(IDistributedApplicationBuilder builder, string name, string server)
    {
        var data = builder.FindDataFolder(name);
        var resource = new RedisServerResource(name, server, data);
        return builder.AddResource(resource)
            .WithEndpoint(scheme: "tcp", name: RedisServerResource.EndpointName)
            .WithArgs("--port", resource.Port, "--bind", "127.0.0.1", "-::1", "--dir", data, "--save", "")
            .WithArgs(_durable)
            .WithPing(resource);
    }

    private static IResourceBuilder<EmbeddedRedisResource> AddEmbedded(IDistributedApplicationBuilder builder, string name)
    {
        var resource = new EmbeddedRedisResource(name);
        return builder.AddResource(resource)
            .WithAnnotation(new Projects.ReplyX_EmbeddedRedis())
            .WithEndpoint(scheme: "tcp", name: EmbeddedRedisResource.EndpointName)
            .WithArgs("--port", resource.Port, "--data", builder.FindDataFolder($"{name}-embedded"))
            .WithPing(resource);
    }

    private static IResourceBuilder<T> WithPing<T>(this IResourceBuilder<T> redis, IResourceWithConnectionString resource)
        where T : IResource
    {
        var key = $"{resource.Name}_ping";
        redis.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, _ => new RedisPing(resource), HealthStatus.Unhealthy, tags: null));
        return redis.WithHealthCheck(key);
    }
}
