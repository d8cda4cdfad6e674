namespace ReplyX.AppHost;

internal static class Secrets
{
    /// <summary>Adds a secret that is generated at the first use and, in development, kept for the next run.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name, int length) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = length, Special = false }, secret: true, persist: true);

    /// <summary>
    /// Gives a published resource a token for the platform's own endpoints. In development these endpoints are open.
    /// </summary>
    public static IResourceBuilder<T> WithPlatformToken<T>(this IResourceBuilder<T> resource, string variable, IResourceBuilder<ParameterResource> token)
        where T : IResourceWithEnvironment =>
        resource.ApplicationBuilder.ExecutionContext.IsPublishMode ? resource.WithEnvironment(variable, token) : resource;
}
