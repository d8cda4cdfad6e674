using Aspire.Hosting.ApplicationModel;

namespace ReplyX.LocalHosting.Model;

/// <summary>An endpoint. <see cref="Port"/> is where others connect; a process behind a proxy has a port of its own.</summary>
internal sealed class EndpointSpec(string name, string scheme, int? fixedPort, int? fixedTargetPort, string? variable) : IResourceAnnotation
{
    // Both loopback addresses, as Aspire gives it.
    public const string Host = "localhost";

    private int _port;

    public string Name { get; } = name;

    public string Scheme { get; } = scheme;

    public int? FixedPort { get; } = fixedPort;

    public int? FixedTargetPort { get; } = fixedTargetPort;

    public string? Variable { get; } = variable;

    public bool IsHttp => Scheme == "http";

    /// <summary>Whether callers outside the application reach it, once published.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether others may be given another port than the process has. If not, a fixed port stays what it is in tests, too.</summary>
    public bool IsProxied { get; init; } = true;

    public int Port
    {
        get => _port != 0 ? _port : throw new InvalidOperationException($"Endpoint '{Name}' has no port before the application starts.");
        set => _port = value;
    }

    public static EndpointSpec? Find(IResource resource, string? name) =>
        resource.Annotations.OfType<EndpointSpec>().FirstOrDefault(
            endpoint => name is null ? endpoint.IsHttp : endpoint.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
