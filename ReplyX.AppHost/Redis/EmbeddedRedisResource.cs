namespace ReplyX.AppHost.Redis;

/// <summary>The stand-in for machines without Redis and without containers: Garnet, in a project of ours.</summary>
internal sealed class EmbeddedRedisResource(string name) : ProjectResource(name), IResourceWithConnectionString
{
    public const string EndpointName = "tcp";

    public EndpointReferenceExpression Port => Endpoint.Property(EndpointProperty.TargetPort);

    public ReferenceExpression ConnectionStringExpression => RedisAddress.ConnectionString(Endpoint);

    private EndpointReference Endpoint => new(this, EndpointName);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => RedisAddress.Properties(Endpoint);
}
