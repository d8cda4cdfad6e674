using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;
using ReplyX.LocalHosting.Parameters;

namespace Aspire.Hosting;

/// <summary>Adds Redis in a container, which the local engine publishes and refuses to run.</summary>
public static class RedisBuilderExtensions
{
    private const string Image = "docker.io/library/redis:8.6";

    /// <summary>Adds Redis in a container.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name, also the connection string's.</param>
    /// <param name="port">The port, or null for a free one.</param>
    /// <param name="password">The password, or null for a generated one.</param>
    /// <returns>A builder for the resource.</returns>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var secret = password?.Resource ?? GeneratedPassword(builder, $"{name}-password");
        var redis = new RedisResource(name, secret);
        return builder.AddResource(redis)
            .WithEndpoint(port: port, targetPort: 6379, scheme: "redis", name: "tcp")
            .WithAnnotation(new ImageSpec(Image))
            .WithEnvironment(context => context.EnvironmentVariables["REDIS_PASSWORD"] = secret)
            .WithArgs(context =>
            {
                var save = redis.Annotations.OfType<VolumeSpec>().Any(volume => !volume.IsReadOnly) ? " --save 60 1" : "";

                // One string for `sh -c`, which inserts the password.
                context.Args.Add("-c");
                context.Args.Add($"redis-server --requirepass $REDIS_PASSWORD{save}");
            });
    }

    /// <summary>Keeps the data in a volume.</summary>
    /// <param name="builder">The Redis resource.</param>
    /// <param name="name">The volume's name, or null for one made from the resource's.</param>
    /// <param name="isReadOnly">Whether Redis may not write there.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), "/data", isReadOnly);

    // Not added to the application: Aspire writes it into the manifest because other resources refer to it.
    private static ParameterResource GeneratedPassword(IDistributedApplicationBuilder builder, string name) =>
        new(name, new ParameterSource(builder, name, persist: true).Read, secret: true) { Default = new GenerateParameterDefault { Special = false } };
}
