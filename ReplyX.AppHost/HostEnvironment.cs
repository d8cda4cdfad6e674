namespace ReplyX.AppHost;

internal static class HostEnvironment
{
    /// <summary>
    /// Where the ingress of Azure Container Apps calls from. A service that believed every private network would believe every neighbour
    /// in it about whom it forwards for; one that believed nobody would take all visitors for one address.
    /// </summary>
    private const string AzureIngress = "100.100.0.0/16";

    /// <summary>
    /// Adds the network, in CIDR notation, of the ingress that published services believe about their clients' addresses. In development
    /// there is none.
    /// </summary>
    public static IResourceBuilder<ParameterResource>? AddIngressNetwork(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsPublishMode ? builder.AddParameter(name, AzureIngress, publishValueAsDefault: true) : null;

    /// <summary>
    /// Runs a project in the host's environment. Without a launch profile it would inherit that by luck only: not in a test, where the
    /// host's environment is a setting of the test and no variable. Published, the environment is the target's own affair, and requests
    /// come through its ingress.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithHostEnvironment(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<ParameterResource>? ingressNetwork) =>
        // Left to Aspire, a published project believes forwarded headers of everybody.
        ingressNetwork is not null
            ? project.DisableForwardedHeaders().WithEnvironment("Proxies__Trusted__0", ingressNetwork)
            : project.WithEnvironment("ASPNETCORE_ENVIRONMENT", project.ApplicationBuilder.Environment.EnvironmentName);
}
