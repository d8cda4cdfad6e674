namespace ReplyX.AppHost;

internal static class HostEnvironment
{
    /// <summary>
    /// The network of the ingress of Azure Container Apps. A service that trusted every private network would believe any neighbour's
    /// forwarded headers; one that trusted nobody would see all visitors at one address.
    /// </summary>
    private const string AzureIngress = "100.100.0.0/16";

    /// <summary>
    /// Adds a parameter with the network, in CIDR notation, whose forwarded headers published services trust. Null in development.
    /// </summary>
    public static IResourceBuilder<ParameterResource>? AddIngressNetwork(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsPublishMode ? builder.AddParameter(name, AzureIngress, publishValueAsDefault: true) : null;

    /// <summary>
    /// Has the published nodes registered by their IP addresses, at which the Api asks them for metrics and drains them: Azure Container Apps
    /// has no names for single replicas.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithRegistrationByAddress(this IResourceBuilder<ProjectResource> realtime) =>
        realtime.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? realtime.WithEnvironment("Realtime__RegisterIPAddress", "true")
            : realtime;

    /// <summary>
    /// Runs a project in the environment of the AppHost, such as Development. Without a launch profile a project inherits only variables, and
    /// in a test the environment is a setting. When published, the target sets the environment, and requests come through its ingress.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithHostEnvironment(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<ParameterResource>? ingressNetwork) =>
        // By default Aspire makes a published project trust everybody's forwarded headers.
        ingressNetwork is not null
            ? project.DisableForwardedHeaders().WithEnvironment("Proxies__Trusted__0", ingressNetwork)
            : project.WithEnvironment("ASPNETCORE_ENVIRONMENT", project.ApplicationBuilder.Environment.EnvironmentName);
}
