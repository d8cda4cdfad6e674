namespace Aspire.Hosting.ApplicationModel;

/// <summary>A change of a resource, or of one of its replicas.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">The id, which tells replicas apart.</param>
/// <param name="snapshot">What is known after the change.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The id, which tells replicas apart.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What is known after the change.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
