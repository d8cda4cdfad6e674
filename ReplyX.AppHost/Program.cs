using ReplyX.AppHost;
using ReplyX.AppHost.Observability;
using ReplyX.AppHost.Redis;

var builder = DistributedApplication.CreateBuilder(args);

// Generated once and kept in the user secrets of this project.
var signingKey = builder.AddSecret("token-signing-key", length: 64);
var operatorPassword = builder.AddSecret("operator-password", length: 16);
var metricsToken = builder.AddSecret("metrics-token", length: 32);
var grafanaPassword = builder.AddSecret("grafana-password", length: 16);

var redis = builder.AddDurableRedis("redis");

var realtime = builder.AddProject<Projects.ReplyX_Realtime>("realtime", launchProfileName: null)
    .WithHttpEndpoint(port: 5090, name: "http")
    .WithExternalHttpEndpoints()
    .WithReplicas(2)
    .WithReference(redis)
    .WithEnvironment("Tokens__SigningKey", signingKey)
    .WithMetricsToken("Metrics__Token", metricsToken)
    .WithHostEnvironment()
    .WithHttpHealthCheck("/health/ready")
    .WithDrainCommand()
    .WithUrlForEndpoint("http", url => url.DisplayText = "sockets")
    .WaitFor(redis);

var api = builder.AddProject<Projects.ReplyX_Api>("api", launchProfileName: null)
    .WithHttpEndpoint(port: 5080, name: "http")
    .WithExternalHttpEndpoints()
    .WithReference(redis)
    .WithReference(realtime)
    .WithEnvironment("Realtime__PublicUrl", realtime.GetEndpoint("http"))
    .WithEnvironment("Tokens__SigningKey", signingKey)
    .WithEnvironment("Demo__OperatorPassword", operatorPassword)
    .WithMetricsToken("Metrics__Token", metricsToken)
    .WithHostEnvironment()
    .WithHttpHealthCheck("/health/ready")
    .WithUrlForEndpoint("http", url => url.DisplayText = "HTTP API, browsed at /docs")
    .WaitFor(redis);

// Pages that open sockets come from the Api, so its origin is theirs.
realtime.WithEnvironment("Origins__ChatHosts__0", api.GetEndpoint("http"));

var prometheus = builder.AddPrometheus("prometheus", port: 9090, api.GetEndpoint("http"), metricsToken);
builder.AddGrafana("grafana", port: 3000, prometheus, grafanaPassword);

builder.Build().Run();
