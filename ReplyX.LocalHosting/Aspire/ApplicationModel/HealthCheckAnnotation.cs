namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names a registered health check that decides whether the resource is healthy.</summary>
/// <param name="key">The name under which the check was registered.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The name under which the check was registered.</summary>
    public string Key { get; } = key;
}
