namespace ReplyX.AppHost;

internal static class HostEnvironment
{
    /// <summary>
    /// Runs a project in the host's environment. Without a launch profile it would inherit that by luck only: not in a test, where the
    /// host's environment is a setting of the test and no variable. Published, the environment is the target's own affair.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithHostEnvironment(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        return builder.ExecutionContext.IsPublishMode
            ? project.WithIngress()
            : project.WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
    }

    // Published, every request comes through the platform's ingress, from a private address. Were that not believed about whom it
    // forwards for, all visitors would count as one address.
    private static IResourceBuilder<ProjectResource> WithIngress(this IResourceBuilder<ProjectResource> project)
    {
        string[] networks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];
        for (var i = 0; i < networks.Length; i++)
        {
            project.WithEnvironment($"Proxies__Trusted__{i}", networks[i]);
        }

        return project;
    }
}
