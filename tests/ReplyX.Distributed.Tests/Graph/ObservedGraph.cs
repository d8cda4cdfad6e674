using Aspire.Hosting.Testing;
using ReplyX.Testing;

namespace ReplyX.Distributed.Tests.Graph;

/// <summary>The graph with Prometheus and Alertmanager, which tell a webhook like Slack's and a real mail server.</summary>
public sealed class ObservedGraph : GraphFixture
{
    public const string MailTo = "on-call@replyx.example";

    private SlackWebhook? _slack;
    private MailServer? _mail;

    public SlackWebhook Slack => _slack ?? throw new InvalidOperationException("The graph has not been started.");

    public MailServer Mail => _mail ?? throw new InvalidOperationException("The graph has not been started.");

    public Uri Alertmanager => App.GetEndpoint("alertmanager", "http");

    public PrometheusClient Prometheus => new(App.GetEndpoint("prometheus", "http"));

    protected override bool CanStart => Array.TrueForAll(_tools, tool => RequiredTool.Find(tool) is not null);

    protected override IReadOnlyList<string> Resources => [.. base.Resources, "alertmanager", "prometheus"];

    protected override IReadOnlyList<string> Settings =>
    [
        $"--Parameters:slack-webhook-url={Slack.Url}",
        $"--Parameters:smtp-host={Mail.Address}",
        "--Parameters:smtp-from=alerts@replyx.example",
        $"--Parameters:smtp-to={MailTo}",
        "--Parameters:smtp-require-tls=false",
        "--Parameters:runbook-url=https://docs.replyx.example/runbook",
    ];

    // Debian's name for Alertmanager.
    private static readonly string[] _tools = ["redis-server", "prometheus", "prometheus-alertmanager"];

    public override void Require()
    {
        foreach (var tool in _tools)
        {
            RequiredTool.Path(tool);
        }
    }

    public override async ValueTask InitializeAsync()
    {
        if (CanStart)
        {
            // Whoever waits here waits for the rules; what Alertmanager waits for is left to Alertmanager. Executables inherit it.
            Environment.SetEnvironmentVariable("GROUP_WAIT", "2s");
            Environment.SetEnvironmentVariable("GROUP_INTERVAL", "2s");
            _slack = await SlackWebhook.StartAsync();
            _mail = new MailServer();
        }

        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_slack is not null)
        {
            await _slack.DisposeAsync();
        }

        if (_mail is not null)
        {
            await _mail.DisposeAsync();
        }
    }
}
