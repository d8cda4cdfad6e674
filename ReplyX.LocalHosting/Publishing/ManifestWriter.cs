using System.Globalization;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ReplyX.LocalHosting.Model;

namespace ReplyX.LocalHosting.Publishing;

/// <summary>
/// Writes the manifest that azd reads, as Aspire 13.5 writes it, with what Aspire's integrations add by themselves. It covers the kinds
/// of resources that this engine has.
/// </summary>
internal sealed class ManifestWriter(ResourceList resources, DistributedApplicationExecutionContext context)
{
    private static readonly JsonWriterOptions _indented = new() { Indented = true };

    // Resources that only others refer to, such as a generated password.
    private readonly Dictionary<string, ParameterResource> _referenced = [];

    private string _folder = "";
    private int _nextPort = 8000;

    /// <exception cref="DistributedApplicationException">azd would refuse the manifest.</exception>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        // azd ignores executables.
        foreach (var resource in resources.Where(resource => resource is ProjectResource or ContainerResource))
        {
            AzdIngress.Check(resource);
        }

        var full = Path.GetFullPath(path);
        _folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(_folder);
        await using var file = File.Create(full);
        await using var json = new Utf8JsonWriter(file, _indented);
        json.WriteStartObject();
        json.WriteStartObject("resources");
        foreach (var resource in resources)
        {
            Write(json, resource, cancellationToken);
        }

        foreach (var parameter in _referenced.Values.Where(parameter => !resources.Contains(parameter)))
        {
            Write(json, parameter, cancellationToken);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, IResource resource, CancellationToken cancellationToken)
    {
        json.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ParameterResource parameter:
                WriteParameter(json, parameter);
                break;
            case ProjectResource project:
                json.WriteString("type", "project.v0");
                json.WriteString("path", Relative(project.Annotations.OfType<IProjectMetadata>().Last().ProjectPath));
                WriteProcess(json, project, cancellationToken);
                break;
            case ContainerResource container:
                WriteContainer(json, container, cancellationToken);
                break;
            case ExecutableResource executable:
                json.WriteString("type", "executable.v0");
                json.WriteString("workingDirectory", Relative(executable.WorkingDirectory));
                json.WriteString("command", executable.Command);
                WriteProcess(json, executable, cancellationToken);
                break;
            default:
                json.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, ParameterResource parameter)
    {
        json.WriteString("type", "parameter.v0");
        json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        json.WriteStartObject("inputs");
        json.WriteStartObject("value");
        json.WriteString("type", "string");
        if (parameter.Secret)
        {
            json.WriteBoolean("secret", true);
        }

        if (parameter.Default is not null)
        {
            json.WriteStartObject("default");
            if (parameter.Default is GenerateParameterDefault generate)
            {
                json.WriteStartObject("generate");
                json.WriteNumber("minLength", generate.MinLength);
                if (!generate.Special)
                {
                    json.WriteBoolean("special", false);
                }

                json.WriteEndObject();
            }
            else
            {
                json.WriteString("value", parameter.Default.GetDefaultValue());
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteContainer(Utf8JsonWriter json, ContainerResource container, CancellationToken cancellationToken)
    {
        var build = container.Annotations.OfType<DockerfileSpec>().LastOrDefault();
        json.WriteString("type", build is null ? "container.v0" : "container.v1");
        if (container is IResourceWithConnectionString connection)
        {
            json.WriteString("connectionString", Text(connection.ConnectionStringExpression));
        }

        if (build is null)
        {
            json.WriteString("image", container.Annotations.OfType<ImageSpec>().Last().Name);
        }
        else
        {
            json.WriteStartObject("build");
            json.WriteString("context", Relative(build.Context));
            json.WriteString("dockerfile", Relative(build.Dockerfile));
            if (build.Stage is not null)
            {
                json.WriteString("stage", build.Stage);
            }

            json.WriteEndObject();
        }

        if (container.Entrypoint is not null)
        {
            json.WriteString("entrypoint", container.Entrypoint);
        }

        WriteProcess(json, container, cancellationToken);
    }

    private void WriteProcess(Utf8JsonWriter json, IResource resource, CancellationToken cancellationToken)
    {
        var arguments = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = context };
        foreach (var spec in resource.Annotations.OfType<ArgumentsSpec>())
        {
            spec.Change(arguments);
        }

        if (arguments.Args.Count > 0)
        {
            json.WriteStartArray("args");
            foreach (var argument in arguments.Args)
            {
                json.WriteStringValue(Text(argument));
            }

            json.WriteEndArray();
        }

        WriteVolumes(json, [.. resource.Annotations.OfType<VolumeSpec>()]);

        var variables = new EnvironmentCallbackContext(context, resource, cancellationToken: cancellationToken);
        if (resource is ProjectResource project)
        {
            AddProjectDefaults(project, variables.EnvironmentVariables);
        }

        foreach (var spec in resource.Annotations.OfType<EnvironmentSpec>())
        {
            spec.Change(variables);
        }

        if (variables.EnvironmentVariables.Count > 0)
        {
            json.WriteStartObject("env");
            foreach (var (name, value) in variables.EnvironmentVariables)
            {
                json.WriteString(name, Text(value));
            }

            json.WriteEndObject();
        }

        WriteBindings(json, resource);
    }

    private static void AddProjectDefaults(ProjectResource project, Dictionary<string, object> variables)
    {
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        var endpoints = project.Annotations.OfType<EndpointSpec>().Where(endpoint => endpoint.Variable is null).ToList();
        if (endpoints.Count > 0 && !project.Annotations.OfType<NoForwardedHeadersSpec>().Any())
        {
            variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        }

        foreach (var scheme in (string[])["http", "https"])
        {
            if (endpoints.FirstOrDefault(endpoint => endpoint.Scheme == scheme) is { } endpoint)
            {
                variables[$"{scheme.ToUpperInvariant()}_PORTS"] = new EndpointReference(project, endpoint.Name).Property(EndpointProperty.TargetPort);
            }
        }
    }

    private static void WriteVolumes(Utf8JsonWriter json, IReadOnlyList<VolumeSpec> volumes)
    {
        if (volumes.Count == 0)
        {
            return;
        }

        json.WriteStartArray("volumes");
        foreach (var volume in volumes)
        {
            json.WriteStartObject();
            if (volume.Name is not null)
            {
                json.WriteString("name", volume.Name);
            }

            json.WriteString("target", volume.Target);
            json.WriteBoolean("readOnly", volume.IsReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteBindings(Utf8JsonWriter json, IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointSpec>().ToList();
        if (endpoints.Count == 0)
        {
            return;
        }

        json.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            json.WriteStartObject(endpoint.Name);
            json.WriteString("scheme", endpoint.Scheme);
            json.WriteString("protocol", "tcp");
            json.WriteString("transport", endpoint.Scheme is "http" or "https" ? "http" : "tcp");

            // A container with only one port given listens on that port. The deployment tool chooses where a project listens for HTTP;
            // all other ports are given here. A port is left out where it is the same as the target port.
            var target = endpoint.FixedTargetPort
                ?? (resource is ContainerResource ? endpoint.FixedPort : endpoint.Scheme is "http" or "https" ? null : _nextPort++);
            if (endpoint.FixedPort is { } port && port != target)
            {
                json.WriteNumber("port", port);
            }

            if (target is { } targetPort)
            {
                json.WriteNumber("targetPort", targetPort);
            }

            if (endpoint.IsExternal)
            {
                json.WriteBoolean("external", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private string Relative(string path) => Path.GetRelativePath(_folder, path).Replace('\\', '/');

    private string Text(object value)
    {
        foreach (var parameter in value is ReferenceExpression expression ? expression.Holes.OfType<ParameterResource>() : [])
        {
            _referenced[parameter.Name] = parameter;
        }

        if (value is ParameterResource own)
        {
            _referenced[own.Name] = own;
        }

        return value is IManifestExpressionProvider provider ? provider.ValueExpression : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
    }
}
