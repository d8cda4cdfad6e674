namespace ReplyX.AppHost.Redis;

/// <summary><c>redis-server</c> of this machine, on the loopback address and without a password.</summary>
internal sealed class RedisServerResource(string name, string command, string workingDirectory)
    : ExecutableResource(name, command, workingDirectory), IResourceWithConnectionString
{
    public const string EndpointName = "tcp";

    public EndpointReferenceExpression Port => Endpoint.Property(EndpointProperty.TargetPort);

    public ReferenceExpression ConnectionStringExpression => RedisAddress.ConnectionString(Endpoint);

    private EndpointReference Endpoint => new(this, EndpointName);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => RedisAddress.Properties(Endpoint);
}
