using System.Globalization;
using ReplyX.LocalHosting.Model;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Points at an endpoint of a resource by name.</summary>
/// <param name="owner">The resource that listens.</param>
/// <param name="endpointName">The endpoint's name.</param>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IExpressionValue
{
    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>The whole address.</summary>
    /// <exception cref="InvalidOperationException">There is no such endpoint, or it has no port yet.</exception>
    public string Url => Read(EndpointProperty.Url);

    /// <summary>The URL scheme.</summary>
    /// <exception cref="InvalidOperationException">There is no such endpoint.</exception>
    public string Scheme => Endpoint.Scheme;

    /// <summary>The port that others connect to.</summary>
    /// <exception cref="InvalidOperationException">There is no such endpoint.</exception>
    public int Port => Endpoint.Port;

    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    private EndpointSpec Endpoint =>
        Resource.Annotations.OfType<EndpointSpec>().FirstOrDefault(endpoint => endpoint.Name.Equals(EndpointName, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOperationException($"Resource '{Resource.Name}' has no endpoint named '{EndpointName}'.");

    /// <summary>Points at one part of the endpoint.</summary>
    /// <param name="property">Which part.</param>
    /// <returns>An expression for that part.</returns>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    internal string Read(EndpointProperty property)
    {
        var endpoint = Endpoint;
        return property switch
        {
            EndpointProperty.Url => $"{endpoint.Scheme}://{EndpointSpec.Host}:{Number(endpoint.Port)}",
            EndpointProperty.Host => EndpointSpec.Host,
            EndpointProperty.IPV4Host => "127.0.0.1",
            EndpointProperty.Port => Number(endpoint.Port),
            EndpointProperty.Scheme => endpoint.Scheme,
            EndpointProperty.TargetPort => Number(InstanceScope.TargetPort(Resource, endpoint)),
            EndpointProperty.HostAndPort => $"{EndpointSpec.Host}:{Number(endpoint.Port)}",
            _ => throw new ArgumentOutOfRangeException(nameof(property), property, "Not a property of an endpoint."),
        };
    }

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One part of an endpoint, as a value.</summary>
/// <param name="endpointReference">The endpoint.</param>
/// <param name="property">The part.</param>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression => Property switch
    {
        EndpointProperty.HostAndPort => $"{Binding("host")}:{Binding("port")}",
        EndpointProperty.IPV4Host => Binding("host"),
        EndpointProperty.TargetPort => Binding("targetPort"),
        _ => Binding(Property.ToString().ToLowerInvariant()),
    };

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Endpoint.Read(Property));

    private string Binding(string property) => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{property}}}";
}

/// <summary>A part of an endpoint.</summary>
public enum EndpointProperty
{
    /// <summary>The whole address, <c>http://localhost:5080</c>.</summary>
    Url = 0,

    /// <summary>The host name.</summary>
    Host = 1,

    /// <summary>The host's IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>The port that others connect to.</summary>
    Port = 3,

    /// <summary>The URL scheme.</summary>
    Scheme = 4,

    /// <summary>The port that the process itself listens on; differs from replica to replica.</summary>
    TargetPort = 5,

    /// <summary>Host and port, joined by a colon.</summary>
    HostAndPort = 6,
}
