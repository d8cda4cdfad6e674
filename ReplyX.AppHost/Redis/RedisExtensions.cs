using System.Globalization;
using System.Net;
using System.Net.Sockets;
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

    /// <summary>
    /// How many servers a cluster has, and the first of their ports. They are fixed, since the servers keep each other's addresses in their
    /// files.
    /// </summary>
    private const int ClusterServers = 6;
    private const int FirstClusterPort = 7101;

    /// <summary>Adds Redis: a cluster if it is asked for, else a container, else <c>redis-server</c> from PATH, else the embedded stand-in.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddDurableRedis(this IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration["Redis"] == "cluster" ? AddCluster(builder, name)
        : builder.UsesContainers() ? AddContainer(builder, name)
        : ExecutablePath.Find("redis-server") is { } server && !UsesEmbedded(builder) ? AddServer(builder, name, server)
        : AddEmbedded(builder, name);

    /// <summary>Gives a service its Redis, and has it spread dialogs over the masters where that is a cluster.</summary>
    public static IResourceBuilder<ProjectResource> WithRedis(this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithConnectionString> redis)
    {
        service.WithReference(redis).WaitFor(redis);
        return redis.Resource is RedisClusterResource ? service.WithEnvironment("Messaging__SpreadDialogs", "true") : service;
    }

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

    private static IResourceBuilder<RedisClusterResource> AddCluster(IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            throw new DistributedApplicationException(
                "Redis=cluster is for this machine, and nothing of it can be published: give a deployment the connection string of its own cluster (docs/cluster.md).");
        }

        var server = ExecutablePath.Find("redis-server") ?? throw new DistributedApplicationException(
            "Redis=cluster runs six servers of this machine, and redis-server is not on PATH: install Redis 7 or newer, or leave out Redis=cluster.");
        var ports = builder.UsesTemporaryData() ? FreePorts() : [.. Enumerable.Range(FirstClusterPort, ClusterServers)];
        var first = new RedisClusterResource(name, server, builder.FindDataFolder($"{name}-cluster-1"), ports);
        var cluster = AddMember(builder.AddResource(first), ports[0], first.WorkingDirectory);
        foreach (var (i, port) in ports.Index().Skip(1))
        {
            var folder = builder.FindDataFolder($"{name}-cluster-{i + 1}");
            AddMember(builder.AddExecutable($"{name}-{i + 1}", server, folder), port, folder);
        }

        var key = $"{name}_cluster";
        builder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, _ => new RedisClusterHealth(ports), HealthStatus.Unhealthy, tags: null));
        return cluster.WithHealthCheck(key);
    }

    // A silent master is replaced after 3 s instead of Redis' 15: whoever looks wants to see it, and one machine has no slow network.
    private static IResourceBuilder<T> AddMember<T>(IResourceBuilder<T> member, int port, string data)
        where T : ExecutableResource =>
        member
            .WithEndpoint(port: port, scheme: "tcp", name: RedisServerResource.EndpointName, isProxied: false)
            .WithArgs(
                "--port", Number(port), "--bind", "127.0.0.1", "--dir", data, "--save", "",
                "--cluster-enabled", "yes", "--cluster-port", Number(RedisClusterHealth.BusPort(port)), "--cluster-announce-ip", "127.0.0.1",
                "--cluster-node-timeout", "3000", "--repl-diskless-sync-delay", "0")
            .WithArgs(_durable);

    // Of a run that keeps nothing. Each has its bus port, which is free as well, beside it.
    private static List<int> FreePorts()
    {
        var ports = new List<int>();
        while (ports.Count < ClusterServers)
        {
            // Below the ports that systems give to outgoing connections.
            var port = Random.Shared.Next(12_000, 19_000);
            if (!ports.Contains(port) && IsFree(port) && IsFree(RedisClusterHealth.BusPort(port)))
            {
                ports.Add(port);
            }
        }

        return ports;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

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
