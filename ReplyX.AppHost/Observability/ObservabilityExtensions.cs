namespace ReplyX.AppHost.Observability;

/// <summary>
/// Prometheus, Alertmanager and Grafana. Their configuration is in <c>observability/</c>, baked into the images that the Dockerfiles
/// there make.
/// </summary>
internal static class ObservabilityExtensions
{
    private const string Http = "http";
    private const string Root = "../observability";

    /// <summary>
    /// Adds Prometheus, which learns from the Api what there is to scrape: a container, else <c>prometheus</c> from PATH, else nothing.
    /// </summary>
    /// <returns>The endpoint, or null if it cannot run on this machine.</returns>
    public static EndpointReference? AddPrometheus(
        this IDistributedApplicationBuilder builder,
        string name,
        int port,
        IResourceBuilder<ProjectResource> api,
        EndpointReference? alertmanager,
        IResourceBuilder<ParameterResource> metricsToken)
    {
        if (builder.UsesContainers())
        {
            return Configure(builder.AddServer(name, port, targetPort: 9090, dataFolder: "/prometheus"));
        }

        return builder.TryAddLocalServer(name, port, "prometheus") is { } local ? Configure(local) : null;

        EndpointReference Configure<T>(IResourceBuilder<T> prometheus)
            where T : IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport
        {
            if (alertmanager is not null)
            {
                prometheus.WithEnvironment("ALERTMANAGER_URL", alertmanager);
            }

            return prometheus
                .WithEnvironment("API_URL", api.GetPublicEndpoint())
                .WithPlatformToken("METRICS_TOKEN", metricsToken)
                .WithRunbook()

                // It would complain of an Api that is only starting.
                .WaitFor(api)
                .WithHttpHealthCheck("/-/ready")
                .WithUrlForEndpoint(Http, url => url.DisplayText = "metrics and rules")
                .GetEndpoint(Http);
        }
    }

    /// <summary>Adds Alertmanager, which tells people: a container, else the executable from PATH, else nothing.</summary>
    /// <returns>The endpoint, or null if it cannot run on this machine.</returns>
    public static EndpointReference? AddAlertmanager(this IDistributedApplicationBuilder builder, string name, int port)
    {
        if (builder.UsesContainers())
        {
            return Configure(builder.AddServer(name, port, targetPort: 9093, dataFolder: "/alertmanager"));
        }

        // Debian gives it the longer name.
        return builder.TryAddLocalServer(name, port, "alertmanager", "prometheus-alertmanager") is { } local ? Configure(local) : null;

        static EndpointReference Configure<T>(IResourceBuilder<T> alertmanager)
            where T : IResourceWithEnvironment, IResourceWithEndpoints =>
            alertmanager
                .WithRecipients()
                .WithHttpHealthCheck("/-/ready")
                .WithUrlForEndpoint(Http, url => url.DisplayText = "alerts and silences")
                .GetEndpoint(Http);
    }

    /// <summary>Adds Grafana, which runs in a container only; its user is <c>admin</c>.</summary>
    public static void AddGrafana(
        this IDistributedApplicationBuilder builder, string name, int port, EndpointReference? prometheus, IResourceBuilder<ParameterResource> password)
    {
        if (prometheus is null || !builder.UsesContainers())
        {
            ReportLeftOut(name, "runs in a container only, and there are no containers here; tools/ReplyX.Panels draws its dashboards");
            return;
        }

        builder.AddDockerfile(name, $"{Root}/grafana")
            .WithPublicEndpoint(port, targetPort: 3000)
            .WithEnvironment("PROMETHEUS_URL", prometheus)
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", password)
            .WithHttpHealthCheck("/api/health")
            .WithUrlForEndpoint(Http, url => url.DisplayText = "dashboards");
    }

    private static IResourceBuilder<ContainerResource> AddServer(
        this IDistributedApplicationBuilder builder, string name, int port, int targetPort, string dataFolder)
    {
        var container = builder.AddDockerfile(name, $"{Root}/{name}");
        if (!builder.UsesTemporaryData())
        {
            container.WithVolume(Volumes.Name(container), dataFolder);
        }

        return container.WithHttpEndpoint(port: builder.ExecutionContext.IsPublishMode ? null : port, targetPort: targetPort, name: Http);
    }

    private static IResourceBuilder<ExecutableResource>? TryAddLocalServer(
        this IDistributedApplicationBuilder builder, string name, int port, params string[] programs)
    {
        if (Array.TrueForAll(programs, program => ExecutablePath.Find(program) is null))
        {
            ReportLeftOut(name, "not on PATH, and no containers here");
            return null;
        }

        var server = builder.AddExecutable(name, "/bin/sh", $"{Root}/{name}", "start.sh").WithHttpEndpoint(port: port, name: Http);
        return server
            .WithEnvironment("DATA_DIR", builder.FindDataFolder(name))
            .WithEnvironment(context =>
                context.EnvironmentVariables["LISTEN"] = ReferenceExpression.Create(
                    $"127.0.0.1:{server.GetEndpoint(Http).Property(EndpointProperty.TargetPort)}"));
    }

    private static void ReportLeftOut(string name, string why) => Console.WriteLine($"Left out: {name} ({why}).");
}
