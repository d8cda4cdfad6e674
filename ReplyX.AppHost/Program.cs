using ReplyX.AppHost;
using ReplyX.AppHost.Observability;
using ReplyX.AppHost.Redis;

var builder = DistributedApplication.CreateBuilder(args);

// Generated once and kept in the user secrets of this project.
var signingKey = builder.AddSecret("token-signing-key", length: 64);
var metricsToken = builder.AddSecret("metrics-token", length: 32);
var operationsToken = builder.AddSecret("operations-token", length: 32);
var secretsKey = builder.AddSecret("secrets-key", length: 64);
var grafanaPassword = builder.AddSecret("grafana-password", length: 16);

var ingressNetwork = builder.AddIngressNetwork("ingress-network");

var redis = builder.AddDurableRedis("redis");

var realtime = builder.AddProject<Projects.ReplyX_Realtime>("realtime", launchProfileName: null)
    .WithPublicEndpoint(port: 5090)
    .WithReplicas(2)
    .WithRedis(redis)
    .WithEnvironment("Tokens__SigningKey", signingKey)
    .WithPlatformToken("Metrics__Token", metricsToken)
    .WithPlatformToken("Operations__Token", operationsToken)
    .WithHostEnvironment(ingressNetwork)
    .WithRegistrationByAddress()
    .WithHttpHealthCheck("/health/ready")
    .WithDrainCommands()
    .WithUrlForEndpoint("http", url => url.DisplayText = "sockets");

var api = builder.AddProject<Projects.ReplyX_Api>("api", launchProfileName: null)
    .WithPublicEndpoint(port: 5080)
    .WithRedis(redis)
    .WithReference(realtime)
    .WithEnvironment("Realtime__PublicUrl", realtime.GetPublicEndpoint())
    .WithEnvironment("Tokens__SigningKey", signingKey)
    .WithEnvironment("Secrets__Key", secretsKey)
    .WithFirstAccount()
    .WithAccountCommand()
    .WithPlatformToken("Metrics__Token", metricsToken)
    .WithPlatformToken("Operations__Token", operationsToken)
    .WithHostEnvironment(ingressNetwork)
    .WithReadiness()
    .WithUrlForEndpoint("http", url => url.DisplayText = "HTTP API, browsed at /docs")
    .WithDemo();

// Pages that open sockets come from the Api, so its origin is theirs; and links that it hands out lead to it.
realtime.WithEnvironment("Origins__ChatHosts__0", api.GetPublicEndpoint());
api.WithEnvironment("Sites__PublicUrl", api.GetPublicEndpoint());

var alertmanager = builder.AddAlertmanager("alertmanager", port: 9093);
var prometheus = builder.AddPrometheus("prometheus", port: 9090, api, alertmanager, metricsToken);
builder.AddGrafana("grafana", port: 3000, prometheus, grafanaPassword);

builder.Build().Run();
