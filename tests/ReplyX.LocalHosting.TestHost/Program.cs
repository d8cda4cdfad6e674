// A small graph for the tests of the local engine. Settings of the form Env:{resource}:{name} become variables of a resource,
// Port:{resource} fixes its port; WithContainer, WithHttps and External add what their names say.
using ReplyX.LocalHosting.TestHost;

var builder = DistributedApplication.CreateBuilder(args);

var secret = builder.AddParameter("a-secret", new GenerateParameterDefault { MinLength = 24, Special = false }, secret: true, persist: true);

var store = builder.AddResource(new StoreResource("my-store", builder.AppHostDirectory))
    .WithEndpoint(scheme: "tcp", name: "tcp")
    .WithArgs("1000");

var first = builder.AddProject<Projects.ReplyX_LocalHosting_TestService>("first", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Port("first"), name: "http")
    .WithHttpHealthCheck("/health/ready")
    .WithUrlForEndpoint("http", url => url.DisplayText = "the first")
    .WithUrlForEndpoint("http", endpoint => new ResourceUrlAnnotation { Url = $"http://127.0.0.1:{endpoint.Port}/more", DisplayText = "more of it" })
    .WithCommand("greet", "Greet", context => Task.FromResult(CommandResults.Failure($"hello {context.ResourceName}")))
    .WithSettings();

var second = builder.AddProject<Projects.ReplyX_LocalHosting_TestService>("second", launchProfileName: null)
    .WithHttpEndpoint(port: builder.Port("second"), name: "http")
    .WithReplicas(2)
    .WithReference(first)
    .WithReference(store)
    .WithEnvironment("A_SECRET", secret)
    .WithHttpHealthCheck("/health/ready")
    .WithCommand("greet", "Greet", context => Task.FromResult(CommandResults.Success($"hello {context.ResourceName}")))
    .WithSettings()
    .WaitFor(first)
    .WaitFor(store);
second.WithArgs("--target", second.GetEndpoint("http").Property(EndpointProperty.TargetPort));
first.WithEnvironment("SECOND", second.GetEndpoint("http"));

if (builder.Configuration["WithContainer"] is not null)
{
    builder.AddRedis("redis").WithDataVolume();
}

if (builder.Configuration["WithHttps"] is not null)
{
    first.WithHttpsEndpoint(name: "https");
}

if (builder.Configuration["External"] is not null)
{
    first.WithExternalHttpEndpoints();
}

builder.Build().Run();
