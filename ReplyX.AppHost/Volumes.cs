namespace ReplyX.AppHost;

internal static class Volumes
{
    /// <summary>
    /// The name of a container's volume. On this machine it has the application's name and a hash in it, since other applications have volumes
    /// too. A deployment has its own, and the files in <c>infra/</c> name them, so there it is the resource's alone.
    /// </summary>
    public static string Name<T>(IResourceBuilder<T> container)
        where T : IResource =>
        container.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? $"{container.Resource.Name}-data"
            : VolumeNameGenerator.Generate(container, "data");
}
