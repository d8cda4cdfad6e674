namespace ReplyX.AppHost.Redis;

/// <summary>Garnet, in a project of this repository, for machines without Redis and without containers.</summary>
internal sealed class EmbeddedRedisResource(string name) : ProjectResource(name), IResourceWithConnectionString
{
    public const string EndpointName = "tcp";

    public EndpointReferenceExpression Port => Endpoint.Property(EndpointProperty.TargetPort);

    public ReferenceExpression ConnectionStringExpression => RedisAddress.ConnectionString(Endpoint);

    private EndpointReference Endpoint => new(this, EndpointName);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => RedisAddress.Properties(Endpoint);
}
