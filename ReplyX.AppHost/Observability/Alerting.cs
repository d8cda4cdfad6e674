namespace ReplyX.AppHost.Observability;

/// <summary>Who is told of alerts, as settings of this host or, when published, parameters of the deployment. Each may be empty.</summary>
internal static class Alerting
{
    // The parameter, and the variable of observability/alertmanager/start.sh that it fills. docs/alert-messages.md describes them.
    private static readonly (string Parameter, string Variable, bool IsSecret)[] _settings =
    [
        ("slack-webhook-url", "SLACK_WEBHOOK_URL", true),
        ("slack-channel", "SLACK_CHANNEL", false),
        ("smtp-host", "SMTP_HOST", false),
        ("smtp-from", "SMTP_FROM", false),
        ("smtp-to", "SMTP_TO", false),
        ("smtp-user", "SMTP_USER", false),
        ("smtp-password", "SMTP_PASSWORD", true),
        ("smtp-require-tls", "SMTP_REQUIRE_TLS", false),
    ];

    /// <summary>Tells Alertmanager whom to tell, and where its page is, which every message has a link to.</summary>
    public static IResourceBuilder<T> WithRecipients<T>(this IResourceBuilder<T> alertmanager)
        where T : IResourceWithEnvironment, IResourceWithEndpoints
    {
        var builder = alertmanager.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode || builder.Configuration["Parameters:alerts-url"] is not null)
        {
            alertmanager.WithEnvironment("EXTERNAL_URL", builder.AddOptional("alerts-url", "", isSecret: false));
        }
        else
        {
            // As this machine's browser finds it, and not another container.
            var page = alertmanager.GetEndpoint("http");
            alertmanager.WithEnvironment(context => context.EnvironmentVariables["EXTERNAL_URL"] = page.Url);
        }

        foreach (var (parameter, variable, isSecret) in _settings)
        {
            alertmanager.WithEnvironment(variable, builder.AddOptional(parameter, "", isSecret));
        }

        return alertmanager;
    }

    /// <summary>Tells Prometheus where the runbook is read, which every alert has a link to.</summary>
    public static IResourceBuilder<T> WithRunbook<T>(this IResourceBuilder<T> prometheus)
        where T : IResourceWithEnvironment =>
        prometheus.WithEnvironment("RUNBOOK_URL", prometheus.ApplicationBuilder.AddOptional("runbook-url", "docs/runbook.md", isSecret: false));

    // With a value at hand nobody is asked for one, so that the graph starts without any. A secret has no default when published, so a
    // deployment asks for it, and takes "none" for an answer.
    private static IResourceBuilder<ParameterResource> AddOptional(
        this IDistributedApplicationBuilder builder, string name, string otherwise, bool isSecret) =>
        builder.AddParameter(name, builder.Configuration[$"Parameters:{name}"] ?? otherwise, publishValueAsDefault: !isSecret, secret: isSecret);
}
