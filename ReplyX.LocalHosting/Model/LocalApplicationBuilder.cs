using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReplyX.LocalHosting.Console;
using ReplyX.LocalHosting.Health;
using ReplyX.LocalHosting.Orchestration;
using ReplyX.LocalHosting.Testing;

namespace ReplyX.LocalHosting.Model;

internal sealed class LocalApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly EntryPointSession? _session = EntryPointSession.Current;
    private readonly HostApplicationBuilder _host;
    private readonly Assembly _assembly;
    private readonly ResourceList _resources = [];

    public LocalApplicationBuilder(string[] args)
    {
        _assembly = _session?.Assembly ?? Assembly.GetEntryAssembly() ?? typeof(LocalApplicationBuilder).Assembly;
        AppHostDirectory = Metadata("AppHostProjectPath") ?? Directory.GetCurrentDirectory();

        // The entry assembly's name makes the host read that assembly's user secrets.
        _host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            ApplicationName = _assembly.GetName().Name,
            ContentRootPath = AppHostDirectory,
            EnvironmentName = _session is not null && NoEnvironmentGiven() ? Environments.Development : null,
        });

        // This engine runs processes only. With the lowest priority, so that a request for containers is seen and refused with a reason.
        _host.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = [new("Containers", "false")],
        });

        _host.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning);
        if (_session is null)
        {
            // A health check that fails is normal while a resource starts.
            _host.Logging.AddSimpleConsole(options => options.SingleLine = true)
                .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
                // This engine prints itself that it is ready, and how to stop it.
                .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        }

        ExecutionContext = new DistributedApplicationExecutionContext(IsPublishing(_host.Configuration));
    }

    public string AppHostDirectory { get; }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IServiceCollection Services => _host.Services;

    public Assembly Assembly => _assembly;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (_resources.Any(other => other.Name.Equals(resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"There is a resource '{resource.Name}' already.");
        }

        _resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    /// <summary>In a test the entry point waits here, so that the test may change the composition first.</summary>
    public DistributedApplication Build()
    {
        _session?.WaitForTestToBuild(this);
        var application = BuildNow();
        _session?.SetBuilt(application);
        return application;
    }

    private DistributedApplication BuildNow()
    {
        var options = LocalHostingOptions.Read(Configuration);
        Services.AddSingleton(_resources);
        Services.AddSingleton(options);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new EngineReason(Metadata("LocalEngineReason")));
        Services.AddSingleton(ProjectOutputs.From(_assembly));
        Services.AddSingleton(_session is null ? ResourceConsole.ForTerminal() : ResourceConsole.Silent());
        Services.AddSingleton(new PortPlan(randomize: _session is not null));
        Services.AddSingleton<InstanceRegistry>();
        Services.AddSingleton<HealthProbe>();
        Services.AddSingleton<Launcher>();
        Services.AddSingleton<Orchestrator>();
        Services.AddSingleton<Commands>();
        Services.AddSingleton(services => new ResourceNotificationService(services.GetRequiredService<InstanceRegistry>()));
        Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<Commands>()));
        Services.AddSingleton(services => new ResourceLoggerService(services.GetRequiredService<InstanceRegistry>()));
        Services.AddHttpClient();
        Services.AddHealthChecks();
        Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopGrace + TimeSpan.FromSeconds(5));
        if (_session is not null)
        {
            Services.AddSingleton<IHostLifetime, NoSignals>();
        }

        return new DistributedApplication(new LocalApplication(_host.Build(), _session));
    }

    private string? Metadata(string key) =>
        _assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key.Equals(key, StringComparison.OrdinalIgnoreCase))?.Value;

    private static bool IsPublishing(ConfigurationManager configuration) =>
        configuration["publisher"] is not null
        || "publish".Equals(configuration["operation"], StringComparison.OrdinalIgnoreCase);

    private static bool NoEnvironmentGiven() =>
        System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is null
        && System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is null;
}
