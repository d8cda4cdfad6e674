using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds containers, which the local engine refuses to run.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds a container whose image is built from a Dockerfile.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="contextPath">The folder that the build sees.</param>
    /// <param name="dockerfilePath">The Dockerfile, if it is not the folder's own.</param>
    /// <param name="stage">The stage to build, if not the last.</param>
    /// <returns>A builder for the resource.</returns>
    public static IResourceBuilder<ContainerResource> AddDockerfile(
        this IDistributedApplicationBuilder builder, string name, string contextPath, string? dockerfilePath = null, string? stage = null) =>
        builder.AddResource(new ContainerResource(name));
}
