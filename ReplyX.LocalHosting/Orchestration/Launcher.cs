using System.Collections;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;
using ReplyX.LocalHosting.Processes;

namespace ReplyX.LocalHosting.Orchestration;

/// <summary>Determines what to run for a replica: command, arguments, environment.</summary>
internal sealed class Launcher(DistributedApplicationExecutionContext context, ProjectOutputs outputs, LocalHostingOptions options)
{
    // Settings of the host itself, which are wrong for a child process.
    private static readonly string[] _hostOnly = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS"];

    public async Task<ProcessSpec> PrepareAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        InstanceScope.Enter(instance);
        var arguments = await ArgumentsAsync(instance.Resource, cancellationToken).ConfigureAwait(false);
        var environment = await EnvironmentAsync(instance, cancellationToken).ConfigureAwait(false);
        switch (instance.Resource)
        {
            case ProjectResource project:
                var (assembly, folder) = outputs.Find(project);
                return new ProcessSpec(Dotnet(), [assembly, .. arguments], folder, environment, options.StopGrace);
            case ExecutableResource executable:
                if (!Directory.Exists(executable.WorkingDirectory))
                {
                    throw new DistributedApplicationException($"its folder {executable.WorkingDirectory} does not exist");
                }

                return new ProcessSpec(executable.Command, arguments, executable.WorkingDirectory, environment, options.StopGrace);
            default:
                throw new DistributedApplicationException($"Resource '{instance.Resource.Name}' is a container, which the local engine cannot run.");
        }
    }

    private static string Dotnet() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    private async Task<List<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var args = new List<object>();
        var callback = new CommandLineArgsCallbackContext(args, resource, cancellationToken) { ExecutionContext = context };
        foreach (var spec in resource.Annotations.OfType<ArgumentsSpec>())
        {
            spec.Change(callback);
        }

        var texts = new List<string>(args.Count);
        foreach (var arg in args)
        {
            texts.Add(await TextAsync(arg, cancellationToken).ConfigureAwait(false));
        }

        return texts;
    }

    private async Task<Dictionary<string, string?>> EnvironmentAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, object>();
        if (instance.Resource is ProjectResource)
        {
            AddProjectDefaults(instance, values);
        }

        foreach (var endpoint in instance.Resource.Annotations.OfType<EndpointSpec>().Where(endpoint => endpoint.Variable is not null))
        {
            values[endpoint.Variable!] = instance.TargetPort(endpoint).ToString(CultureInfo.InvariantCulture);
        }

        var callback = new EnvironmentCallbackContext(context, instance.Resource, values, cancellationToken);
        foreach (var spec in instance.Resource.Annotations.OfType<EnvironmentSpec>())
        {
            spec.Change(callback);
        }

        var environment = RemoveHostVariables();
        foreach (var (name, value) in values)
        {
            environment[name] = await TextAsync(value, cancellationToken).ConfigureAwait(false);
        }

        instance.Variables = [.. values.Keys.Select(name => new EnvironmentVariableSnapshot(name, environment[name], IsFromSpec: true))];
        return environment;
    }

    private static void AddProjectDefaults(ResourceInstance instance, Dictionary<string, object> values)
    {
        values["OTEL_SERVICE_NAME"] = instance.Resource.Name;
        values["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Id}";
        var urls = instance.Resource.Annotations.OfType<EndpointSpec>()
            .Where(endpoint => endpoint.IsHttp && endpoint.Variable is null)
            .Select(endpoint => string.Create(CultureInfo.InvariantCulture, $"http://{EndpointSpec.Host}:{instance.TargetPort(endpoint)}"));
        if (string.Join(';', urls) is { Length: > 0 } listen)
        {
            values["ASPNETCORE_URLS"] = listen;
        }
    }

    /// <summary>The changes to the environment that a child inherits from the host; null removes a variable.</summary>
    private static Dictionary<string, string?> RemoveHostVariables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => (string)entry.Key)
            .Where(name => _hostOnly.Contains(name) || name.StartsWith("ASPIRE_", StringComparison.Ordinal))
            .ToDictionary(name => name, _ => (string?)null);

    private static async ValueTask<string> TextAsync(object value, CancellationToken cancellationToken) =>
        value is IValueProvider provider
            ? await provider.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? ""
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
