using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;

namespace Aspire.Hosting;

/// <summary>Adds projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project of the solution, run from what was built with the host.</summary>
    /// <typeparam name="TProject">The generated class that says where the project is.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="launchProfileName">Null for none; the local engine reads no launch profiles.</param>
    /// <returns>A builder for the resource.</returns>
    /// <exception cref="NotSupportedException">A launch profile was named.</exception>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        if (launchProfileName is not null)
        {
            throw new NotSupportedException($"Project '{name}': the local engine reads no launch profiles; give endpoints in the AppHost.");
        }

        return builder.AddResource(new ProjectResource(name)).WithAnnotation(new TProject());
    }

    /// <summary>Runs several copies behind one endpoint.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="replicas">How many.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaSpec(replicas), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Leaves it to the published project whose forwarded headers it believes; else Aspire makes it believe everybody's.</summary>
    /// <param name="builder">The project.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithAnnotation(new NoForwardedHeadersSpec(), ResourceAnnotationMutationBehavior.Replace);
}
