namespace Aspire.Hosting.ApplicationModel;

/// <summary>Redis in a container.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="password">The password that it asks for.</param>
public class RedisResource(string name, ParameterResource password) : ContainerResource(name, "/bin/sh"), IResourceWithConnectionString
{
    /// <summary>The password that it asks for.</summary>
    public ParameterResource? PasswordParameter => password;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.HostAndPort)},password={password}");

    private EndpointReference Endpoint => new(this, "tcp");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Port)}")),
        new("Password", ReferenceExpression.Create($"{password}")),
    ];
}
