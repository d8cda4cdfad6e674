namespace ReplyX.AppHost;

internal static class Metrics
{
    /// <summary>Gives a resource the metrics token where it is published. In development metrics are open to whoever is curious.</summary>
    public static IResourceBuilder<T> WithMetricsToken<T>(this IResourceBuilder<T> resource, string variable, IResourceBuilder<ParameterResource> token)
        where T : IResourceWithEnvironment =>
        resource.ApplicationBuilder.ExecutionContext.IsPublishMode ? resource.WithEnvironment(variable, token) : resource;
}
