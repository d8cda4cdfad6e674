namespace Aspire.Hosting.ApplicationModel;

/// <summary>A container. The local engine can compose one, for the sake of one model, but never run it.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="entrypoint">The program in the image, if not the image's own.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>The program in the image, if not the image's own.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}
