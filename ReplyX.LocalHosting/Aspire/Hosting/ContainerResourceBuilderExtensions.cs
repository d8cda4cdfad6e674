using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;

namespace Aspire.Hosting;

/// <summary>Adds containers, which the local engine publishes and refuses to run.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds a container whose image is built from a Dockerfile.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="contextPath">The folder that the build sees, relative to the AppHost's.</param>
    /// <param name="dockerfilePath">The Dockerfile, relative to the context, if it is not the context's own.</param>
    /// <param name="stage">The stage to build, if not the last.</param>
    /// <returns>A builder for the resource.</returns>
    public static IResourceBuilder<ContainerResource> AddDockerfile(
        this IDistributedApplicationBuilder builder, string name, string contextPath, string? dockerfilePath = null, string? stage = null)
    {
        var context = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, contextPath));
        return builder.AddResource(new ContainerResource(name))
            .WithAnnotation(new DockerfileSpec(context, Path.Combine(context, dockerfilePath ?? "Dockerfile"), stage));
    }

    /// <summary>Keeps a folder of a container in a volume.</summary>
    /// <typeparam name="T">The kind of container.</typeparam>
    /// <param name="builder">The container.</param>
    /// <param name="name">The volume's name, or null for one that lives as long as the container.</param>
    /// <param name="target">The folder in the container.</param>
    /// <param name="isReadOnly">Whether the container may not write there.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource => builder.WithAnnotation(new VolumeSpec(name, target, isReadOnly));
}
