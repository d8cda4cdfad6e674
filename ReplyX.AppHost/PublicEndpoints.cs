namespace ReplyX.AppHost;

internal static class PublicEndpoints
{
    private const string Http = "http";
    private const string Https = "https";

    /// <summary>
    /// Adds the endpoint that users connect to. In development it is HTTP on its own port. When published, the platform's ingress accepts HTTPS
    /// on 443 and HTTP on 80, which it redirects, forwards both to the service's one port, and allows no other port.
    /// </summary>
    public static IResourceBuilder<T> WithPublicEndpoint<T>(this IResourceBuilder<T> resource, int port, int? targetPort = null)
        where T : IResourceWithEndpoints, IResourceWithEnvironment
    {
        if (!resource.IsPublished())
        {
            return resource.WithHttpEndpoint(port: port, targetPort: targetPort, name: Http).WithExternalHttpEndpoints();
        }

        // The ingress terminates TLS. With HTTPS_PORTS set, the service would need a certificate and not start.
        return resource.WithHttpEndpoint(targetPort: targetPort, name: Http).WithHttpsEndpoint(targetPort: targetPort, name: Https)
            .WithExternalHttpEndpoints()
            .WithEnvironment(context => context.EnvironmentVariables.Remove("HTTPS_PORTS"));
    }

    /// <summary>The address that users connect to. When published that is the HTTPS one: a redirect breaks WebSockets and changes the origin.</summary>
    public static EndpointReference GetPublicEndpoint<T>(this IResourceBuilder<T> resource)
        where T : IResourceWithEndpoints => resource.GetEndpoint(resource.IsPublished() ? Https : Http);

    private static bool IsPublished<T>(this IResourceBuilder<T> resource)
        where T : IResource => resource.ApplicationBuilder.ExecutionContext.IsPublishMode;
}
