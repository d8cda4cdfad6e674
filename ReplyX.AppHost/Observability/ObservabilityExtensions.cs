namespace ReplyX.AppHost.Observability;

/// <summary>Prometheus and Grafana. Their configuration is in <c>observability/</c>, baked into the images that the Dockerfiles there make.</summary>
internal static class ObservabilityExtensions
{
    private const string Root = "../observability";

    /// <summary>
    /// Adds Prometheus, which learns from the Api what there is to scrape: a container, else <c>prometheus</c> from PATH, else nothing.
    /// </summary>
    /// <returns>The endpoint, or null if it cannot run on this machine.</returns>
    public static EndpointReference? AddPrometheus(
        this IDistributedApplicationBuilder builder, string name, int port, EndpointReference api, IResourceBuilder<ParameterResource> metricsToken)
    {
        if (builder.UsesContainers())
        {
            var container = builder.AddDockerfile(name, $"{Root}/prometheus");
            if (!builder.UsesTemporaryData())
            {
                container.WithVolume(VolumeNameGenerator.Generate(container, "data"), "/prometheus");
            }

            return container
                .WithHttpEndpoint(port: builder.ExecutionContext.IsPublishMode ? null : port, targetPort: 9090, name: "http")
                .WithEnvironment("API_URL", api)
                .WithPlatformToken("METRICS_TOKEN", metricsToken)
                .WithHttpHealthCheck("/-/ready")
                .WithUrlForEndpoint("http", url => url.DisplayText = "metrics")
                .GetEndpoint("http");
        }

        if (ExecutablePath.Find("prometheus") is null)
        {
            ReportLeftOut(name, "not on PATH, and no containers here");
            return null;
        }

        var prometheus = builder.AddExecutable(name, "/bin/sh", $"{Root}/prometheus", "start.sh").WithHttpEndpoint(port: port, name: "http");
        return prometheus
            .WithEnvironment("API_URL", api)
            .WithPlatformToken("METRICS_TOKEN", metricsToken)
            .WithEnvironment("DATA_DIR", builder.FindDataFolder(name))
            .WithEnvironment(context =>
                context.EnvironmentVariables["LISTEN"] = ReferenceExpression.Create(
                    $"127.0.0.1:{prometheus.GetEndpoint("http").Property(EndpointProperty.TargetPort)}"))
            .WithHttpHealthCheck("/-/ready")
            .WithUrlForEndpoint("http", url => url.DisplayText = "metrics")
            .GetEndpoint("http");
    }

    /// <summary>Adds Grafana, which runs in a container only; its user is <c>admin</c>.</summary>
    public static void AddGrafana(
        this IDistributedApplicationBuilder builder, string name, int port, EndpointReference? prometheus, IResourceBuilder<ParameterResource> password)
    {
        if (prometheus is null || !builder.UsesContainers())
        {
            ReportLeftOut(name, "runs in a container only, and there are no containers here");
            return;
        }

        builder.AddDockerfile(name, $"{Root}/grafana")
            .WithPublicEndpoint(port, targetPort: 3000)
            .WithEnvironment("PROMETHEUS_URL", prometheus)
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", password)
            .WithHttpHealthCheck("/api/health")
            .WithUrlForEndpoint("http", url => url.DisplayText = "dashboards");
    }

    private static void ReportLeftOut(string name, string why) => Console.WriteLine($"Left out: {name} ({why}).");
}
