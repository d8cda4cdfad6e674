namespace ReplyX.AppHost;

internal static class PublicEndpoints
{
    private const string Http = "http";
    private const string Https = "https";

    /// <summary>
    /// Adds the endpoint that users reach: in development HTTP on a port of its own. Published, the platform's ingress takes HTTPS on 443
    /// and HTTP on 80, which it redirects, and leads both to the service's one port; it refuses any other port.
    /// </summary>
    public static IResourceBuilder<T> WithPublicEndpoint<T>(this IResourceBuilder<T> resource, int port, int? targetPort = null)
        where T : IResourceWithEndpoints, IResourceWithEnvironment
    {
        if (!resource.IsPublished())
        {
            return resource.WithHttpEndpoint(port: port, targetPort: targetPort, name: Http).WithExternalHttpEndpoints();
        }

        // The ingress ends TLS. Told a port for HTTPS, the service would look for a certificate there and not start.
        return resource.WithHttpEndpoint(targetPort: targetPort, name: Http).WithHttpsEndpoint(targetPort: targetPort, name: Https)
            .WithExternalHttpEndpoints()
            .WithEnvironment(context => context.EnvironmentVariables.Remove("HTTPS_PORTS"));
    }

    /// <summary>The address under which users reach the resource: a redirected one breaks WebSockets and matches no origin.</summary>
    public static EndpointReference GetPublicEndpoint<T>(this IResourceBuilder<T> resource)
        where T : IResourceWithEndpoints => resource.GetEndpoint(resource.IsPublished() ? Https : Http);

    private static bool IsPublished<T>(this IResourceBuilder<T> resource)
        where T : IResource => resource.ApplicationBuilder.ExecutionContext.IsPublishMode;
}
