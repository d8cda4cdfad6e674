using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

/// <summary>Another resource that has to be healthy before this one starts.</summary>
internal sealed record WaitSpec(IResource Resource) : IResourceAnnotation
{
    public static IEnumerable<IResource> DependenciesOf(IResource resource) =>
        resource.Annotations.OfType<WaitSpec>().Select(wait => wait.Resource).Distinct();
}

/// <summary>How many processes of a project run behind one endpoint.</summary>
internal sealed record ReplicaSpec(int Count) : IResourceAnnotation
{
    public static int CountOf(IResource resource) => resource.Annotations.OfType<ReplicaSpec>().LastOrDefault()?.Count ?? 1;
}

/// <summary>A callback that changes the arguments.</summary>
internal sealed record ArgumentsSpec(Action<CommandLineArgsCallbackContext> Change) : IResourceAnnotation;

/// <summary>A callback that changes the environment variables.</summary>
internal sealed record EnvironmentSpec(Action<EnvironmentCallbackContext> Change) : IResourceAnnotation;

/// <summary>An HTTP request that decides whether a resource is healthy; without an endpoint's name, to its first HTTP endpoint.</summary>
internal sealed record HttpHealthSpec(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

/// <summary>A command that the AppHost added.</summary>
internal sealed record CommandSpec(string Name, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Execute) : IResourceAnnotation;

/// <summary>A callback that changes the address shown for an endpoint.</summary>
internal sealed record UrlSpec(string EndpointName, Action<ResourceUrlAnnotation> Change) : IResourceAnnotation;

/// <summary>A callback that makes a further address for an endpoint.</summary>
internal sealed record FurtherUrlSpec(string EndpointName, Func<EndpointReference, ResourceUrlAnnotation> Make) : IResourceAnnotation;

/// <summary>The image that a container runs.</summary>
internal sealed record ImageSpec(string Name) : IResourceAnnotation;

/// <summary>How a container's image is built; both paths are absolute.</summary>
internal sealed record DockerfileSpec(string Context, string Dockerfile, string? Stage) : IResourceAnnotation;

/// <summary>A volume of a container; one without a name lives as long as the container.</summary>
internal sealed record VolumeSpec(string? Name, string Target, bool IsReadOnly) : IResourceAnnotation;

/// <summary>Says that a published project reads forwarded headers by rules of its own.</summary>
internal sealed record NoForwardedHeadersSpec : IResourceAnnotation;
